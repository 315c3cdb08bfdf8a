client "iptables -A INPUT -p tcp --tcp-flags SYN,ACK SYN,ACK -j DROP; iptables -A OUTPUT -p tcp --tcp-flags RST RST -j DROP"
server "sysctl -qw net.ipv4.tcp_max_syn_backlog=4096"
traffic server serve tcp 8080 close
traffic client send tcp 198.51.100.10 8080 8 198.18.
