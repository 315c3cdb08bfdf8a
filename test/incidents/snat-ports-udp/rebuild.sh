limit=65536
hop "iptables -t nat -A POSTROUTING -s 198.18.0.0/15 -p udp -j SNAT --to-source 198.51.100.1:50000-50049"
traffic server serve udp 5060
traffic client keep udp 198.51.100.10 5060 150 198.18. 2
