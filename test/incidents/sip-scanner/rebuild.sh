limit=500
hop "ip route add 203.0.0.0/8 via 198.51.100.10"
server "nft add table inet silent; nft 'add chain inet silent in { type filter hook prerouting priority -300; }'; nft add rule inet silent in udp dport 5060 drop"
traffic client send udp 203. 5060 14 192.0.2.1
