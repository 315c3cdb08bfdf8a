limit=65536
hop 'iptables -t nat -N DOCKER; iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER; iptables -t nat -A DOCKER -d 192.0.2.2 -p tcp --dport 80 -j DNAT --to-destination 198.51.100.10:8080; iptables -t nat -A POSTROUTING -s 198.51.100.0/24 ! -o far -j MASQUERADE'
traffic server serve tcp 8080 close
traffic client send tcp 192.0.2.2 80 10 198.18.
sleep 3
hop sysctl -qw net.ipv4.ip_forward=0
