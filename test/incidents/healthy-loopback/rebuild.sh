limit=65536
hop "nft 'add chain inet track in { type filter hook input priority 0; policy drop; }'; nft add rule inet track in ct state established accept; nft add rule inet track in iif lo accept; nft add rule inet track in tcp dport 80 accept"
traffic hop serve tcp 6379 close
traffic hop serve tcp 80 close
traffic hop send tcp 127.0.0.1 6379 3
traffic client send tcp 192.0.2.2 80 8 198.18. 0
