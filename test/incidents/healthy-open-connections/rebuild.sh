limit=65536
traffic server serve tcp 8080 hold
traffic client send tcp 198.51.100.10 8080 4 198.18.
traffic client send udp 198.51.100.10 514 1 198.18.
