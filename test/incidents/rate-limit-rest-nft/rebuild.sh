limit=65536
hop "nft 'add chain inet track guard { type filter hook forward priority -1; }; add rule inet track guard tcp dport 80 ct state new limit rate 3/second burst 3 packets accept; add rule inet track guard tcp dport 80 ct state new counter drop'"
traffic server serve tcp 80 close
traffic client send tcp 198.51.100.10 80 9 198.18. 0
