hop "ip link add dummy-vip type bridge; ip link set dummy-vip up; ip address add 198.51.100.100/32 dev dummy-vip; sysctl -qw net.ipv4.conf.all.arp_ignore=0"
