limit=65536
traffic server serve udp 443
traffic client several udp 198.51.100.10 443 10 198.18.
