left=431900 fill 350 '-p tcp -s 192.0.2.9 -d 203.0.113.{n} --sport {port} --dport 443 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t {left}'
before=1
