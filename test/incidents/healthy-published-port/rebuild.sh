limit=65536
hop "iptables -t nat -N DOCKER; iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER; iptables -t nat -A DOCKER ! -i docker0 -p tcp --dport 80 -j DNAT --to-destination 198.51.100.10:8080; iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE; iptables -P FORWARD DROP; iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT; iptables -A FORWARD -d 198.51.100.10 -p tcp --dport 8080 -j ACCEPT"
traffic server serve tcp 8080 close
traffic client send tcp 192.0.2.2 80 8 198.18. 0
