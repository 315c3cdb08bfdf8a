limit=65536
left=30 fill 300 '-p tcp -s {client} -d 192.0.2.2 --sport 4{port} --dport {port} --state SYN_SENT -u UNSET -t {left}'
silent tcp dport 23
traffic client send tcp 198.51.100.10 23 2 198.18.
traffic server serve tcp 8080 close
traffic client send tcp 198.51.100.10 8080 8 198.18. 1
