limit=65536
hop "nft 'add table inet firewall; add chain inet firewall forward { type filter hook forward priority 10; policy accept; }; add chain inet firewall services'"
hop "nft 'add rule inet firewall forward ct state established,related accept; add rule inet firewall forward jump services; add rule inet firewall forward counter reject with icmpx admin-prohibited; add rule inet firewall services tcp dport 443 accept'"
traffic server serve tcp 80 close
traffic server serve tcp 443 close
traffic client send tcp 198.51.100.10 80 20 198.18. 1
traffic client send tcp 198.51.100.10 443 2 198.18. 1
