left=100 fill 130 '-p udp -s {client} -d 203.0.113.{n} --sport {port} --dport 443 -u ASSURED,SEEN_REPLY -t {left}'
left=431000 fill 190 '-p tcp -s {client} -d 203.0.114.{n} --sport {port} --dport 443 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t {left}'
before=1
