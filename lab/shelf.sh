# shelf: a director with one IPVS service of every kind and a conntrack entry of every kind, at rest. It is there to
# be read, by the agreement scenario and by recordings. Sourced by init.sh after roles.sh.

# Where client comes from when it is answered through shelf.
readonly OUTSIDE=203.0.113.10 OUTSIDE6=fd00:20::10

# Weight 0 drains a real server; a service may be empty. 10.0.0.13 is shelf itself: this kernel shows it as Route, older
# ones as Local. One firewall mark has two services, one for each family.
stock_services() {
  in_node shelf ipvsadm --restore <<-END
	-A -t $SHELF_VIP:80 -s wrr
	-a -t $SHELF_VIP:80 -r 10.0.0.11:80 -g -w 3
	-a -t $SHELF_VIP:80 -r 10.0.0.12:80 -g -w 1
	-A -t $SHELF_VIP:443 -s sh -b sh-fallback,sh-port -p 300
	-a -t $SHELF_VIP:443 -r 10.0.0.11:443 -g -w 1
	-a -t $SHELF_VIP:443 -r 10.0.0.12:443 -g -w 0
	-A -t $SHELF_VIP:8080 -s wlc
	-a -t $SHELF_VIP:8080 -r 10.0.0.11:80 -m -w 2 -x 1000 -y 500
	-a -t $SHELF_VIP:8080 -r 10.0.0.12:80 -m -w 1
	-A -t $SHELF_VIP:8443 -s lc
	-a -t $SHELF_VIP:8443 -r 10.0.0.11:8443 -i -w 65535
	-a -t $SHELF_VIP:8443 -r 10.0.0.12:8443 -i --tun-type gue --tun-port 6080 -w 0
	-A -t $SHELF_VIP:22 -s rr
	-a -t $SHELF_VIP:22 -r 10.0.0.13:22 -g -w 1
	-A -t $SHELF_VIP:25 -s rr
	-A -u $SHELF_VIP:53 -s rr -o
	-a -u $SHELF_VIP:53 -r 10.0.0.11:53 -g -w 1
	-A -u $SHELF_VIP:5060 -s rr
	-a -u $SHELF_VIP:5060 -r 10.0.0.11:5060 -g -w 1
	-a -u $SHELF_VIP:5060 -r 10.0.0.12:5060 -g -w 1
	-A --sctp-service $SHELF_VIP:3868 -s rr
	-a --sctp-service $SHELF_VIP:3868 -r 10.0.0.11:3868 -g -w 1
	-A -f 100 -s wlc -p 600 -M 255.255.255.0
	-a -f 100 -r 10.0.0.11:0 -g -w 1
	-a -f 100 -r 10.0.0.12:0 -g -w 1
	-A -f 100 -6 -s rr
	-a -f 100 -6 -r [fd00:10::11]:0 -g -w 1
	-A -t [$SHELF_VIP6]:80 -s mh -b mh-fallback,mh-port
	-a -t [$SHELF_VIP6]:80 -r [fd00:10::11]:80 -g -w 1
	-a -t [$SHELF_VIP6]:80 -r [fd00:10::12]:80 -g -w 1
	-A -u [$SHELF_VIP6]:53 -s rr -p 60 -M 64
	-a -u [$SHELF_VIP6]:53 -r [fd00:10::12]:53 -m -w 1
	END
}

# Port 88 is what the firewall-mark services serve.
mark_packets() {
  local rule=(-p tcp --dport 88 -j MARK --set-mark 100)
  in_node shelf iptables-legacy -t mangle -A PREROUTING -d "$SHELF_VIP" "${rule[@]}"
  in_node shelf ip6tables-legacy -t mangle -A PREROUTING -d "$SHELF_VIP6" "${rule[@]}"
}

# A real server answers its own network directly, past a director that masquerades it.
route_answers() {
  local server
  ip -n client address add "$OUTSIDE/32" dev eth0
  ip -n client address add "$OUTSIDE6/128" dev eth0 nodad
  ip -n shelf route add "$OUTSIDE" via "10.0.0.${NUMBER[client]}"
  ip -n shelf route add "$OUTSIDE6" via "fd00:10::${NUMBER[client]}"
  for server in rs1 rs2; do
    ip -n "$server" route add "$OUTSIDE" via "10.0.0.${NUMBER[shelf]}"
    ip -n "$server" route add "$OUTSIDE6" via "fd00:10::${NUMBER[shelf]}"
  done
}

# A rule with a state registers the connection tracking hooks of the namespace. Entries come with and without byte
# counts, as nf_conntrack_acct decides when they are made.
stock_conntrack() {
  exempt_management shelf
  in_node shelf iptables-legacy -A INPUT -m conntrack --ctstate INVALID -j ACCEPT
  in_node shelf sysctl -qw net.netfilter.nf_conntrack_acct=1
  in_node shelf conntrack --load-file "$LAB/etc/shelf-accounted.conntrack"
  in_node shelf sysctl -qw net.netfilter.nf_conntrack_acct=0
  in_node shelf conntrack --load-file "$LAB/etc/shelf.conntrack"
}

stock_shelf() {
  ip -n shelf address add "$SHELF_VIP/32" dev eth0
  ip -n shelf address add "$SHELF_VIP6/128" dev eth0 nodad
  stock_services
  mark_packets
  route_answers
  stock_conntrack
}
