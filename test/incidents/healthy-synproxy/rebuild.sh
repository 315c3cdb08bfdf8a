limit=65536
hop 'sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0'
hop 'iptables -t raw -A PREROUTING -p tcp --dport 80 --syn -j CT --notrack; iptables -A FORWARD -p tcp --dport 80 -m conntrack --ctstate INVALID,UNTRACKED -j SYNPROXY --sack-perm --timestamp --wscale 7 --mss 1460; iptables -A FORWARD -m conntrack --ctstate INVALID -j DROP'
traffic server serve tcp 80 close
traffic client send tcp 198.51.100.10 80 8 198.18. 1
