limit=65536
hop 'sysctl -qw net.ipv4.tcp_max_tw_buckets=100'
traffic server serve tcp 8080 hold
traffic hop send tcp 198.51.100.10 8080 20 '' 0
