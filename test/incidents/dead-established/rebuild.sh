left=100000 fill 270 '-p tcp -s {client} -d 198.51.100.10 --sport {port} --dport 5432 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t {left}'
left=100000 fill 80 '-p tcp -s {client} -d 198.51.100.{n} --sport {port} --dport 5433 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t {left}'
before=1
