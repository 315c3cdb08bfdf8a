limit=300
before=32
traffic client send udp 192.0.2.2 27015 14 198.18.
