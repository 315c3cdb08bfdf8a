limit=560
left=90000 fill 380 '-p tcp -s {client} -d 198.51.100.20 --sport {port} --dport 3306 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t {left}'
silent tcp dport 80
traffic client send tcp 198.51.100.10 80 2 198.18.
before=8
