limit=400
# The hop bridges client and server, and br_netfilter passes what it bridges to the firewall.
hop 'ip address flush dev near; ip address flush dev far; ip link add br0 type bridge; ip link set near master br0; ip link set far master br0; ip link set br0 up'
hop 'sysctl -qw net.bridge.bridge-nf-call-iptables=1'
client 'ip route delete default; ip address flush dev eth0; ip address add 198.51.100.1/24 dev eth0; ip route add local 198.18.0.0/15 dev lo 2>/dev/null || true; sysctl -qw net.ipv4.conf.all.rp_filter=0'
server 'ip route replace default via 198.51.100.1'
bypass
server 'ip route replace 198.51.100.1 via 10.99.0.1 dev past'
traffic server serve tcp 80 close
traffic client send tcp 198.51.100.10 80 8 198.18. 1
