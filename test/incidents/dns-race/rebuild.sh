limit=65536
hop "nft 'add table ip n; add chain ip n post { type nat hook postrouting priority 100; }'; nft add rule ip n post ip saddr 198.18.0.0/15 meta l4proto udp snat to 198.51.100.1:50000-50019"
traffic server serve udp 53
traffic client send udp 198.51.100.10 53 25 198.18.
