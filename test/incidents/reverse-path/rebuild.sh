client "ip neighbour replace 192.0.2.2 lladdr $(hop 'cat /sys/class/net/near/address') dev eth0"
hop "sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.near.rp_filter=1; ip route replace 198.18.0.0/15 via 198.51.100.10"
traffic client send udp 198.51.100.10 9999 20 198.18.
