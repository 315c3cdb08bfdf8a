limit=65536
hop 'iptables -A FORWARD -p tcp --dport 80 --syn -m hashlimit --hashlimit-name web --hashlimit-mode srcip --hashlimit-above 300/min --hashlimit-burst 50 -j DROP; iptables -A FORWARD -m limit --limit 5/min -j LOG'
hop "nft 'add chain inet track guard { type filter hook forward priority -1; }'; nft 'add rule inet track guard tcp dport 80 ct state new limit rate over 200/second burst 200 packets counter drop'"
traffic server serve tcp 80 close
traffic client send tcp 198.51.100.10 80 8 198.18. 0
