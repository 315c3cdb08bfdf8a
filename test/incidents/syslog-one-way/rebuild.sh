limit=1500
before=30
silent udp dport 514
traffic client send udp 198.51.100.10 514 14 198.18.
