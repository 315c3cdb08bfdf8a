limit=320
before=26
client "nft add table ip flood; nft 'add chain ip flood out { type filter hook postrouting priority 300; }'; nft 'add rule ip flood out tcp dport 8080 tcp flags syn tcp flags set ack'"
silent tcp dport 8080
traffic client send tcp 198.51.100.10 8080 12 198.18.
