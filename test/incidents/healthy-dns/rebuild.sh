limit=65536
traffic server serve udp 53
traffic client send udp 198.51.100.10 53 15 198.18.
