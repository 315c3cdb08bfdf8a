limit=16384
bypass
hop "nft 'add table ip n; add chain ip n pre { type nat hook prerouting priority -100; }'; nft add rule ip n pre ip daddr 203.0.113.1 tcp dport 80 dnat to 198.51.100.10:8080"
traffic server serve tcp 8080 close
traffic client send tcp 203.0.113.1 80 12 198.18.
