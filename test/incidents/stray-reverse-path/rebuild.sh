hop "sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.near.rp_filter=1"
traffic server serve tcp 8080 close
traffic client send tcp 198.51.100.10 8080 1 198.18. 0
(sleep 13; client "ip address add 10.66.0.1/32 dev lo; ping -c 1 -W 1 -I 10.66.0.1 198.51.100.10 || true") >/dev/null 2>&1 &
