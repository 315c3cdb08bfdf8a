limit=400
left=250000 fill 330 '-p tcp -s 198.51.100.1 -d 198.51.100.10 --sport {port} --dport 80 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t {left}'
before=1
