limit=400
silent udp dport 6081
traffic hop send udp 198.51.100.10 6081 12
