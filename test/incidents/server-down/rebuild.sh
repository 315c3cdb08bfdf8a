limit=1000
traffic server serve tcp 443 close
traffic client send tcp 198.51.100.10 443 10 198.18.
traffic client send tcp 198.51.100.77 443 15 198.18.
