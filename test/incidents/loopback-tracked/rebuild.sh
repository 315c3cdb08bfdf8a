limit=1500
hop "nft 'add chain inet track in { type filter hook input priority 0; policy drop; }'; nft add rule inet track in ct state established accept; nft add rule inet track in iif lo accept"
traffic hop serve tcp 6379 close
traffic hop send tcp 127.0.0.1 6379 20
