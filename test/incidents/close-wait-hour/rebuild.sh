hop "sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_close_wait=3600"
left=1200 fill 320 '-p tcp -s {client} -d 198.51.100.{n} --sport {port} --dport 8080 --state CLOSE_WAIT -u ASSURED,SEEN_REPLY -t {left}'
left=300000 fill 40 '-p tcp -s {client} -d 198.51.100.{n} --sport 1{port} --dport 8443 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t {left}'
before=1
