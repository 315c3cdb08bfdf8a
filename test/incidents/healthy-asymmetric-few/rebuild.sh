limit=262144
bypass
server 'ip route add 198.19.0.0/16 via 198.51.100.1'
traffic server serve tcp 8080 close
traffic client send tcp 198.51.100.10 8080 10 198.19. 1
traffic client send tcp 198.51.100.10 8080 2 198.18. 1
