limit=65536
hop "iptables -A FORWARD -p tcp --syn --dport 8080 -m connlimit --connlimit-above 40 --connlimit-mask 32 --connlimit-saddr -j DROP"
traffic server serve tcp 8080 hold
traffic client send tcp 198.51.100.10 8080 12 192.0.2.1
