limit=1200
hop "ip route add 203.0.0.0/8 via 198.51.100.10"
server "nft add table inet silent; nft 'add chain inet silent in { type filter hook prerouting priority -300; }'; nft add rule inet silent in tcp dport 25 drop"
traffic hop send tcp 203. 25 14
