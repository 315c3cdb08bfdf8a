left=2400 fill 320 '-p tcp -s {client} -d 198.51.100.{n} --sport {port} --dport 8080 --state CLOSE_WAIT -u ASSURED,SEEN_REPLY -t {left}'
left=300 fill 40 '-p tcp -s {client} -d 198.51.100.{n} --sport 1{port} --dport 8443 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t 431900'
before=1
