limit=1000
before=14
traffic hop serve udp 51820
traffic client keep udp 192.0.2.2 51820 120 198.18. 5
