limit=65536
server 'ip route add blackhole 203.0.113.9'
hop 'iptables -t nat -A POSTROUTING -o far -j SNAT --to-source 203.0.113.9'
traffic server serve tcp 443 close
traffic client send tcp 198.51.100.10 443 3 198.18. 1
