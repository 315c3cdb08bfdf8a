hop "nft 'add table ip n; add chain ip n pre { type nat hook prerouting priority -100; }'; nft add rule ip n pre ip daddr 203.0.113.1 tcp dport 80 dnat to 198.51.100.10:8080"
hop "iptables -t raw -A PREROUTING -d 203.0.113.1 -p tcp --dport 80 -j CT --notrack"
traffic client send tcp 203.0.113.1 80 4 198.18.
