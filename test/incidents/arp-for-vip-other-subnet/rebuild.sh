hop "ip address add 203.0.113.50/32 dev lo; sysctl -qw net.ipv4.conf.all.arp_ignore=0"
hop "ip route add default via 198.51.100.10"
