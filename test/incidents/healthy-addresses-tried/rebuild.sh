limit=16384
hop 'ip route add default via 198.51.100.10'
traffic server serve tcp 443 close
traffic client send tcp 198.51.100.10 443 20 198.18.
traffic client send tcp 198.51.100. 22 3 198.19.
