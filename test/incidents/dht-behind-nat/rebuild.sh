limit=600
hop "nft 'add table ip n; add chain ip n post { type nat hook postrouting priority 100; }'; nft add rule ip n post oifname far masquerade"
left=15 fill 200 '-p udp -s 192.0.2.1 -d 203.0.113.{n} --sport 6881 --dport {port} -r 203.0.113.{n} -q 198.51.100.1 --reply-port-src {port} --reply-port-dst 6881 -u UNSET -t {left}'
left=60 fill 260 '-p udp -s 192.0.2.1 -d 203.0.114.{n} --sport 6881 --dport {port} -r 203.0.114.{n} -q 198.51.100.1 --reply-port-src {port} --reply-port-dst 6881 -u ASSURED,SEEN_REPLY -t {left}'
left=431000 fill 40 '-p tcp -s {client} -d 203.0.115.{n} --sport {port} --dport 443 -r 203.0.115.{n} -q 198.51.100.1 --reply-port-src 443 --reply-port-dst {port} --state ESTABLISHED -u ASSURED,SEEN_REPLY -t {left}'
before=1
