limit=400
hop "nft 'add table ip n; add chain ip n post { type nat hook postrouting priority 100; }'; nft add rule ip n post oifname far masquerade"
left=100 fill 250 '-p udp -s 100.64.0.7 -d 203.0.113.{n} --sport {port} --dport {port} -r 203.0.113.{n} -q 198.51.100.1 --reply-port-src {port} --reply-port-dst {port} -u ASSURED,SEEN_REPLY -t {left}'
left=431000 fill 90 '-p tcp -s {client} -d 203.0.114.{n} --sport {port} --dport 443 -r 203.0.114.{n} -q 198.51.100.1 --reply-port-src 443 --reply-port-dst {port} --state ESTABLISHED -u ASSURED,SEEN_REPLY -t {left}'
before=1
