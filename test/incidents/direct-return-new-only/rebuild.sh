limit=65536
bypass
hop "nft add rule inet track forward ct state new accept; nft add rule inet track forward drop"
traffic server serve tcp 8080 close
traffic client send tcp 198.51.100.10 8080 12 198.18.
