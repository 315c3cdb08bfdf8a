limit=300
before=28
bypass
server 'ip route del 198.18.0.0/15; ip route del 192.0.2.1; sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.past.rp_filter=0'
client 'ip route add 198.51.100.10 via 10.99.0.2'
traffic server serve tcp 8080 close
traffic client send tcp 198.51.100.10 8080 14 198.18.
