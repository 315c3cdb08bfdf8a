limit=65536
hop 'iptables -A FORWARD -i near -j NFQUEUE --queue-num 0'
traffic server serve tcp 443 close
traffic client send tcp 198.51.100.10 443 6 198.18. 1
