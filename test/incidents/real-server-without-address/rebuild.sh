# Real servers in namespaces of their own: only the first has the virtual address.
pods 'sysctl -qw net.ipv4.ip_forward=1; ip route del local 10.244.0.0/16 dev lo; ip link add br0 type bridge; ip link set eth0 master br0; ip link set br0 up'
for server in 10 11; do
  ip netns add "real$server"
  ip -n "real$server" link set lo up
  ip -n "real$server" link add eth0 type veth peer name "port$server" netns pods
  ip -n pods link set "port$server" master br0 up
  ip -n "real$server" address add "10.244.0.$server/16" dev eth0
  ip -n "real$server" link set eth0 up
  ip -n "real$server" route add default via 10.244.0.1
  ip netns exec "real$server" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
  traffic "real$server" serve tcp 80 close
done
ip -n real10 address add 198.51.100.1/32 dev lo
ip address add 198.51.100.1/32 dev eth0
# The replies have the virtual address as their source, which this host has: it is their router as well.
sysctl -qw net.ipv4.conf.all.accept_local=1 net.ipv4.conf.cni0.accept_local=1 net.ipv4.conf.cni0.rp_filter=0
client 'ip route add 198.51.100.1 via 192.0.2.2'
ipvsadm -A -t 198.51.100.1:80 -s rr
for server in 10 11; do ipvsadm -a -t 198.51.100.1:80 -r 10.244.0.$server:80 -g; done
traffic client send tcp 198.51.100.1 80 20 198.18.
