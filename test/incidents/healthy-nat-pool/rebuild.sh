limit=65536
server 'ip route add 203.0.113.8/29 via 198.51.100.1'
hop 'iptables -t nat -A POSTROUTING -o far -j SNAT --to-source 203.0.113.9-203.0.113.12'
traffic server serve tcp 443 close
traffic server serve udp 5060
traffic client keep udp 198.51.100.10 5060 30 198.18. 3
traffic client send tcp 198.51.100.10 443 4 198.18. 2
