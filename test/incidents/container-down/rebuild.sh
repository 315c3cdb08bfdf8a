limit=1500
hop "iptables -t nat -N DOCKER; iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER; iptables -t nat -A DOCKER ! -i docker0 -p tcp --dport 80 -j DNAT --to-destination 198.51.100.10:8080"
silent tcp dport 8080
traffic client send tcp 192.0.2.2 80 12 198.18.
