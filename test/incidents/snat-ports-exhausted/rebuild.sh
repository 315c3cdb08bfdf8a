limit=65536
hop "nft 'add table ip n; add chain ip n post { type nat hook postrouting priority 100; }'; nft add rule ip n post ip saddr 198.18.0.0/15 meta l4proto tcp snat to 198.51.100.1:40000-40099"
traffic server serve tcp 443 hold
traffic client send tcp 198.51.100.10 443 25 198.18.
