for d in 1 2 3 4 5 6; do left=3000 fill 3 "-p udp -s {client} -d 198.51.100.10$d --sport {port} --dport 514 -u UNSET -t {left}"; done
left=400000 fill 340 '-p tcp -s {client} -d 203.0.113.7 --sport {port} --dport 443 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t {left} -w 4097'
before=1
