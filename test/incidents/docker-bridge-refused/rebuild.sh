limit=65536
hop 'ip address flush dev near; ip address flush dev far; ip link add br0 type bridge; ip link set near master br0; ip link set far master br0; ip link set br0 up'
hop 'sysctl -qw net.bridge.bridge-nf-call-iptables=1'
client 'ip route delete default; ip address flush dev eth0; ip address add 198.51.100.1/24 dev eth0; ip route add local 198.18.0.0/15 dev lo 2>/dev/null || true; sysctl -qw net.ipv4.conf.all.rp_filter=0'
server 'ip route replace default via 198.51.100.1'
hop 'iptables -P FORWARD DROP; for c in DOCKER DOCKER-USER DOCKER-FORWARD; do iptables -N $c; done; iptables -A FORWARD -j DOCKER-USER; iptables -A FORWARD -j DOCKER-FORWARD; iptables -A DOCKER-FORWARD -i docker0 -j ACCEPT'
traffic server serve tcp 80 close
traffic client send tcp 198.51.100.10 80 6 198.18. 1
