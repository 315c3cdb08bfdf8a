limit=4096
left=430000 fill 300 '-p tcp -s {client} -d 198.51.100.{n} --sport {port} --dport 443 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t {left}'
left=20 fill 120 '-p udp -s {client} -d 198.51.100.53 --sport {port} --dport 53 -u SEEN_REPLY -t {left}'
before=1
