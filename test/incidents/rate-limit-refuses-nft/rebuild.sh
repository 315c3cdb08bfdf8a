limit=65536
hop "nft 'add chain inet track guard { type filter hook forward priority -1; }'; nft 'add rule inet track guard tcp dport 80 ct state new limit rate over 2/second burst 2 packets counter drop'"
traffic server serve tcp 80 close
traffic client send tcp 198.51.100.10 80 8 198.18. 0
