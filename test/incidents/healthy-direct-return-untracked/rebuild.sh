limit=65536
bypass
hop "iptables -t raw -A PREROUTING -d 198.51.100.10 -p tcp --dport 8080 -j CT --notrack"
traffic server serve tcp 8080 close
traffic client send tcp 198.51.100.10 8080 8 198.18. 0
