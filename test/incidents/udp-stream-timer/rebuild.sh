hop "sysctl -qw net.netfilter.nf_conntrack_udp_timeout_stream=7200"
left=5000 fill 350 '-p udp -s {client} -d 203.0.113.{n} --sport {port} --dport 443 -u ASSURED,SEEN_REPLY -t {left}'
before=1
