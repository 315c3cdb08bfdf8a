limit=65536
hop 'sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0'
hop "nft add table ip sp; nft 'add chain ip sp pre { type filter hook prerouting priority -300; }'; nft 'add rule ip sp pre tcp dport 80 tcp flags & (fin|syn|rst|ack) == syn notrack'; nft 'add chain ip sp in { type filter hook input priority 0; }'; nft 'add rule ip sp in tcp dport 80 ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm'; nft 'add rule ip sp in ct state invalid counter drop'"
traffic hop serve tcp 80 close
traffic client send tcp 192.0.2.2 80 8 198.18. 1
