limit=65536
client "iptables -A OUTPUT -p tcp --tcp-flags RST RST -j DROP; iptables -A INPUT -p tcp --tcp-flags SYN,ACK SYN,ACK -j DROP"
hop "sysctl -qw net.ipv4.tcp_syncookies=1 net.ipv4.tcp_max_syn_backlog=16 net.core.somaxconn=16; nft add chain inet track input '{ type filter hook input priority 0; }'; nft add rule inet track input ct state established accept"
traffic hop serve tcp 8080 close
traffic client send tcp 192.0.2.2 8080 12 198.18.
