left=20000 fill 350 '-p tcp -s {client} -d 203.0.113.{n} --sport {port} --dport 443 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t {left}'
before=1
