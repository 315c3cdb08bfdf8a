limit=400
hop "nft 'add table ip n; add chain ip n pre { type nat hook prerouting priority -100; }'; nft add rule ip n pre ip daddr 203.0.113.1 tcp dport 1883 dnat to 198.51.100.10:1883"
left=150000 fill 310 '-p tcp -s {client} -d 203.0.113.1 --sport {port} --dport 1883 -r 198.51.100.10 -q {client} --reply-port-src 1883 --reply-port-dst {port} --state ESTABLISHED -u ASSURED,SEEN_REPLY -t {left}'
before=1
