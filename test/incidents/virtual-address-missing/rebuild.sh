limit=65536
hop 'sysctl -qw net.ipv4.ip_forward=0'
hop 'ip address add 203.0.113.1/32 dev lo; ip address del 203.0.113.1/32 dev lo'
traffic hop serve tcp 80 close
traffic client send tcp 203.0.113.1 80 5 198.18.
traffic client send tcp 192.0.2.2 80 5 192.0.2.1
