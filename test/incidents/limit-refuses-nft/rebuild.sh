limit=65536
hop "nft 'add table inet lvs_limit; add chain inet lvs_limit prerouting { type filter hook prerouting priority -150; }'; nft add rule inet lvs_limit prerouting ip daddr 198.51.100.10 tcp dport 8080 ct state new ct count over 60 counter drop"
traffic server serve tcp 8080 hold
traffic client send tcp 198.51.100.10 8080 12 198.18.
