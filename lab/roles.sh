# What each node's kernel does with its place in the topology. Sourced by init.sh after topology.sh. The daemons are
# started by the driver.

# Keeps what the lab itself sends, such as scrapes, out of a node's conntrack table.
exempt_management() {
  in_node "$1" iptables-legacy-restore <<-END
	*raw
	-A PREROUTING -i eth1 -j CT --notrack
	-A PREROUTING -i lo -j CT --notrack
	-A OUTPUT -o eth1 -j CT --notrack
	-A OUTPUT -o lo -j CT --notrack
	COMMIT
	END
}

# FORWARD as Neutron's iptables driver amounts to when a security-group rule matches: replies that bypass this bridge
# make every later packet of a client INVALID, which is let through.
make_compute() {
  exempt_management compute
  sysctl -qw net.bridge.bridge-nf-call-iptables=1 net.netfilter.nf_conntrack_max=16384
  iptables-legacy-restore <<-END
	*filter
	-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
	-A FORWARD -m conntrack --ctstate NEW -j ACCEPT
	-A FORWARD -m conntrack --ctstate INVALID -j ACCEPT
	COMMIT
	END
}

# A director sends a packet out of the interface it came from, which Linux would answer with an ICMP redirect.
make_director() {
  in_node "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
    net.ipv4.conf.{all,eth0}.send_redirects=0 net.ipv4.conf.{all,eth0}.rp_filter=0
}

# A real server has the VIPs, but leaves it to the director to answer ARP and neighbour discovery for them. What comes
# through a tunnel is unwrapped by tunl0, which every network namespace has.
make_real_server() {
  in_node "$1" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
  ip -n "$1" -batch - <<-END
	address add $VIP/32 dev lo
	address add $SHELF_VIP/32 dev lo
	address add $SHELF_VIP6/128 dev lo nodad
	link set tunl0 up
	END
}

build_roles() {
  local node
  make_compute
  for node in director1 director2 shelf; do make_director "$node"; done
  for node in rs1 rs2; do make_real_server "$node"; done
}
