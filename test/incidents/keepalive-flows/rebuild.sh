traffic server serve udp 51820
hop "sysctl -qw net.netfilter.nf_conntrack_udp_timeout_stream=180"

traffic client keep udp 198.51.100.10 51820 100 198.18. 5
before=12
