limit=65536
hop "nft 'add table ip n; add chain ip n pre { type nat hook prerouting priority -100; }'; nft add rule ip n pre ip daddr 203.0.113.1 tcp dport 80 dnat to 198.51.100.10:8080"
hop "sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0"
traffic server serve tcp 8080 hold
traffic client send tcp 203.0.113.1 80 4 198.18.
# Connections that the host forgets: what they go on to send is INVALID, as a segment outside the window is.
client "ip address add 192.0.2.77/24 dev eth0"
traffic client chat tcp 203.0.113.1 80 300 192.0.2.77
(for n in $(seq 45); do sleep 2; hop "conntrack -D -p tcp -s 192.0.2.77" || true; done) >/dev/null 2>&1 &
started+=("$!")
