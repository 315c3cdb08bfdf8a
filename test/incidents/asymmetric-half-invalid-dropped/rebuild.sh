limit=65536
bypass
server 'ip route add 198.19.0.0/16 via 198.51.100.1'
hop "nft insert rule inet track forward ct state invalid drop"
traffic server serve tcp 8080 close
traffic client send tcp 198.51.100.10 8080 8 198.18. 1
traffic client send tcp 198.51.100.10 8080 8 198.19. 1
