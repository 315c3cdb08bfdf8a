limit=1200
client "ip address add 198.18.1.2/32 dev lo"
hop "ip route add 203.0.0.0/8 dev far; ip neighbour add 198.51.100.10 lladdr 02:00:00:00:00:01 dev far 2>/dev/null; ip route replace 203.0.0.0/8 via 198.51.100.10"
silent tcp dport 445
traffic client send tcp 203. 445 12 198.18.1.2
