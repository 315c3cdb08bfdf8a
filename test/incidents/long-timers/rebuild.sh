hop "sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_time_wait=600 net.netfilter.nf_conntrack_udp_timeout=300"
traffic server serve tcp 8080 close
traffic client send tcp 198.51.100.10 8080 1 198.18. 0
limit=65536
before=1
