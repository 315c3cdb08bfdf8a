limit=65536
hop 'sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0 net.netfilter.nf_conntrack_tcp_timeout_established=4'
hop 'nft insert rule inet track forward ct state invalid counter drop'
traffic server serve tcp 5432 hold
traffic client chat tcp 198.51.100.10 5432 300 192.0.2.1 8
