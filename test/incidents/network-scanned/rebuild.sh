limit=4000
hop 'ip route add 203.0.0.0/16 via 198.51.100.10'
server 'ip route add local 203.0.0.0/16 dev lo'
silent tcp dport 23
traffic server serve tcp 443 close
traffic client send tcp 203.0. 443 5 198.18.
traffic client send tcp 203.0. 23 60 198.19.
