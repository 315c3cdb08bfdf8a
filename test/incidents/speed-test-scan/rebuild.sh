limit=1200
hop "ip route add 203.0.0.0/8 via 198.51.100.10; nft 'add table ip n; add chain ip n post { type nat hook postrouting priority 100; }'; nft add rule ip n post oifname far masquerade"
server "nft add table inet silent; nft 'add chain inet silent in { type filter hook prerouting priority -300; }'; nft add rule inet silent in tcp dport 443 drop"
traffic client send tcp 203. 443 14 192.0.2.1
