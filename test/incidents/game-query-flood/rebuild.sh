limit=320
before=32
traffic server serve udp 27015
traffic client send udp 198.51.100.10 27015 14 198.18.
