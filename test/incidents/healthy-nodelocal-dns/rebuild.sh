limit=65536
hop "ip link add nodelocaldns type veth peer name nodelocalpeer; ip link set nodelocaldns up; ip link set nodelocalpeer up; ip address add 169.254.20.10/32 dev nodelocaldns"
client "ip route add 169.254.20.10 via 192.0.2.2"
hop "iptables -t raw -A PREROUTING -d 169.254.20.10 -p udp --dport 53 -j CT --notrack; iptables -t raw -A OUTPUT -s 169.254.20.10 -p udp --sport 53 -j CT --notrack"
traffic hop serve udp 53
traffic client send udp 169.254.20.10 53 10 198.18.
