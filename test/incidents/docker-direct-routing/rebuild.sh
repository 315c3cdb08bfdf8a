limit=65536
hop 'ip route add 172.18.0.0/24 via 198.51.100.10'
server 'for n in 2 3 4 5 6 7 8 9; do ip address add 172.18.0.$n/32 dev lo; done'
# As Docker 28 writes them for each container.
hop 'for n in 2 3 4 5 6 7 8 9; do iptables -t raw -A PREROUTING -d 172.18.0.$n/32 ! -i br-0123456789ab -j DROP; done'
traffic server serve tcp 443 close
for n in 2 3 4 5 6 7 8 9; do traffic client send tcp "172.18.0.$n" 443 0.5; done
traffic client send tcp 198.51.100.10 443 1 198.18. 1
