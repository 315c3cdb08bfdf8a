limit=65536
hop 'ip address add 203.0.113.9/32 dev far'
hop "nft 'add table ip n; add chain ip n post { type nat hook postrouting priority 100; }'; nft add rule ip n post oifname far counter snat to 203.0.113.9"
traffic server serve udp 5060
traffic server serve tcp 80 close
traffic client keep udp 198.51.100.10 5060 30 198.18. 3
sleep 6
server 'ip route add blackhole 203.0.113.9'
hop 'nft flush chain ip n post; nft add rule ip n post oifname far counter masquerade; ip address delete 203.0.113.9/32 dev far'
traffic client send tcp 198.51.100.10 80 4 198.18. 1
