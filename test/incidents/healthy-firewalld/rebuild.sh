limit=65536
hop "nft 'add table inet firewalld; add chain inet firewalld filter_INPUT { type filter hook input priority 10; policy accept; }; add chain inet firewalld filter_FORWARD { type filter hook forward priority 10; policy accept; }'"
hop "nft 'add rule inet firewalld filter_INPUT ct state established,related accept; add rule inet firewalld filter_INPUT iifname \"lo\" accept; add rule inet firewalld filter_INPUT tcp dport { 22, 443 } accept; add rule inet firewalld filter_INPUT ct state invalid drop; add rule inet firewalld filter_INPUT reject with icmpx admin-prohibited; add rule inet firewalld filter_FORWARD ct state established,related accept; add rule inet firewalld filter_FORWARD tcp dport 443 accept; add rule inet firewalld filter_FORWARD reject with icmpx admin-prohibited'"
traffic hop serve tcp 443 close
traffic server serve tcp 443 close
traffic client send tcp 192.0.2.2 443 6 192.0.2.1 0
traffic client send tcp 198.51.100.10 443 6 198.18. 1
traffic client send tcp 192.0.2.2 23 1 198.18. 1
traffic client send udp 192.0.2.2 5060 1 198.18.
