limit=65536
before=20
hop 'sysctl -qw net.ipv4.ip_local_port_range="40000 40199"'
traffic server serve tcp 8080 hold
traffic hop send tcp 198.51.100.10 8080 14
