hop "sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_close_wait=43200"
left=30000 fill 350 '-p tcp -s {client} -d 198.51.100.10 --sport {port} --dport 8080 --state CLOSE_WAIT -u ASSURED,SEEN_REPLY -t {left}'
before=1
