limit=1000
traffic server serve tcp 8080 close
hop "sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_time_wait=5"
traffic client send tcp 198.51.100.10 8080 15 198.18. 0
before=20
