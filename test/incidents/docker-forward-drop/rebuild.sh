limit=65536
# As Docker leaves the filter table on a host that it found without forwarding.
hop 'iptables -P FORWARD DROP; for c in DOCKER DOCKER-USER DOCKER-FORWARD DOCKER-CT DOCKER-BRIDGE; do iptables -N $c; done'
hop 'iptables -A FORWARD -j DOCKER-USER; iptables -A FORWARD -j DOCKER-FORWARD; iptables -A DOCKER-FORWARD -j DOCKER-CT; iptables -A DOCKER-FORWARD -j DOCKER-BRIDGE; iptables -A DOCKER-FORWARD -i docker0 -j ACCEPT'
hop 'iptables -A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT; iptables -A DOCKER-BRIDGE -o docker0 -j DOCKER; iptables -A DOCKER ! -i docker0 -o docker0 -j DROP'
traffic server serve tcp 80 close
traffic client send tcp 198.51.100.10 80 6 198.18. 1
