limit=4000
hop 'ip route add default via 198.51.100.254'
traffic server serve tcp 443 close
traffic client send tcp 198.51.100.10 443 5 198.18.
traffic client send tcp 203.0. 443 30 192.0.2.1
