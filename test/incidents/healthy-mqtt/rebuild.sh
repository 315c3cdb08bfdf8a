limit=2000
hop "nft 'add table ip n; add chain ip n pre { type nat hook prerouting priority -100; }'; nft add rule ip n pre ip daddr 203.0.113.1 tcp dport 1883 dnat to 198.51.100.10:1883"
traffic server serve tcp 1883 hold
traffic client chat tcp 203.0.113.1 1883 150 192.0.2.1
