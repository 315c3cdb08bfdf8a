limit=1000
traffic server serve udp 5060
traffic client send udp 198.51.100.10 5060 25
