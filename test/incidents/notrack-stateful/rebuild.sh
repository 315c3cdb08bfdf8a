limit=65536
hop "nft flush chain inet track forward; nft 'add chain inet track forward { policy drop; }'; nft add rule inet track forward ct state established,related accept; nft add rule inet track forward tcp dport 8080 ct state new accept"
hop "iptables -t raw -A PREROUTING -d 198.51.100.10 -p tcp --dport 8080 -j CT --notrack; iptables -t raw -A PREROUTING -s 198.51.100.10 -p tcp --sport 8080 -j CT --notrack"
traffic server serve tcp 8080 close
traffic client send tcp 198.51.100.10 8080 8 198.18. 1
