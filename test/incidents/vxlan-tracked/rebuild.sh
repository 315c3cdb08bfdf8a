limit=400
silent udp dport 4789
traffic hop send udp 198.51.100.10 4789 12
