limit=65536
# As firewalld writes them, without counters.
hop "nft 'add table inet firewalld; add chain inet firewalld filter_FORWARD { type filter hook forward priority 10; policy accept; }; add chain inet firewalld filter_FWD_public'"
hop "nft 'add rule inet firewalld filter_FORWARD ct state established,related accept; add rule inet firewalld filter_FORWARD ct status dnat accept; add rule inet firewalld filter_FORWARD iifname \"lo\" accept; add rule inet firewalld filter_FORWARD jump filter_FWD_public; add rule inet firewalld filter_FORWARD ct state invalid drop; add rule inet firewalld filter_FORWARD reject with icmpx admin-prohibited; add rule inet firewalld filter_FWD_public tcp dport 443 accept'"
hop 'iptables -A FORWARD -j ACCEPT'
traffic server serve tcp 80 close
traffic server serve tcp 443 close
traffic client send tcp 198.51.100.10 80 20 198.18. 1
traffic client send tcp 198.51.100.10 443 2 198.18. 1
