limit=65536
expectations=60
hop "nft add table ip h; nft 'add ct helper ip h ftp { type \"ftp\" protocol tcp; }'; nft 'add chain ip h pre { type filter hook prerouting priority 0; }'; nft 'add rule ip h pre tcp dport 21 ct helper set \"ftp\"'"
traffic server serve tcp 21 ftp
traffic client send tcp 198.51.100.10 21 3 198.18.
