limit=2000
hop 'ip route add 224.0.0.0/4 dev near; ip address add 198.19.0.1/16 dev near'
traffic hop send udp 224.0.0.251 5353 2
traffic hop send udp 239.255.255.250 1900 2
traffic server serve tcp 80 close
traffic client send tcp 198.51.100.10 80 2 198.18. 0
