limit=2600
silent udp dport 1-65535
traffic server serve tcp 443 close
traffic client send tcp 198.51.100.10 443 5 198.18.
traffic client send udp 198.51.100.10 any 80 198.19.
before=32
