limit=600
bypass
traffic server serve udp 53
traffic client send udp 198.51.100.10 53 25 198.18.
