limit=1200
traffic server serve udp 443
traffic client several udp 198.51.100.10 443 16 198.18.
before=30
