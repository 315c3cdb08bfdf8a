limit=16384
hop "nft 'add table ip n; add chain ip n pre { type nat hook prerouting priority -100; }'; nft add rule ip n pre ip daddr 203.0.113.1 udp dport 8125 dnat to 198.51.100.99"
hop "ip neighbour add 198.51.100.99 lladdr 02:00:00:00:00:99 dev far"
traffic client send udp 203.0.113.1 8125 8 198.18.
