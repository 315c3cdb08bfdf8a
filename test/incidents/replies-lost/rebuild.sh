limit=4096
client "iptables -A INPUT -p tcp --tcp-flags SYN,ACK SYN,ACK -j DROP"
traffic server serve tcp 8080 close
traffic client send tcp 198.51.100.10 8080 12 192.0.2.1
