limit=20000
hop "nft add chain inet track input '{ type filter hook input priority 0; }'; nft add rule inet track input ct state established accept"
traffic server serve tcp 8080 close
traffic hop serve tcp 80 close
traffic client send tcp 192.0.2.2 80 8 198.18. 0
traffic hop send tcp 198.51.100.10 8080 8
