limit=500
left=431000 fill 320 '-p tcp -s 192.0.2.77 -d 192.0.2.2 --sport {port} --dport 9001 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t {left}'
left=431000 fill 100 '-p tcp -s {client} -d 192.0.2.2 --sport {port} --dport 9001 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t {left}'
before=1
