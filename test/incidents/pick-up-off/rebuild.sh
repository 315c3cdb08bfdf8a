limit=65536
hop "nft insert rule inet track forward ct state invalid counter drop; sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0"
traffic server serve tcp 8080 hold
traffic client chat tcp 198.51.100.10 8080 160 192.0.2.1
sleep 6
hop "conntrack -F"
before=1
