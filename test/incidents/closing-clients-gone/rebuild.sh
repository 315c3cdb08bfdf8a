limit=400
left=60 fill 320 '-p tcp -s {client} -d 198.51.100.10 --sport {port} --dport 443 --state FIN_WAIT -u ASSURED,SEEN_REPLY -t {left}'
before=1
