limit=65536
silent udp dport 4789
hop "iptables -t raw -A PREROUTING -d 198.51.100.10 -p udp --dport 4789 -j CT --notrack"
traffic hop send udp 198.51.100.10 4789 12
