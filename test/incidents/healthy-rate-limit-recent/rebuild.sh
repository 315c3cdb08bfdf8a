limit=65536
hop 'iptables -A FORWARD -p tcp --dport 22 -m conntrack --ctstate NEW -m recent --set --name SSH; iptables -A FORWARD -p tcp --dport 22 -m conntrack --ctstate NEW -m recent --update --seconds 60 --hitcount 5 --name SSH -j DROP; iptables -A FORWARD -p tcp --dport 80 --syn -m limit --limit 50/sec --limit-burst 100 -j ACCEPT; iptables -A FORWARD -p tcp --dport 80 --syn -j DROP'
traffic server serve tcp 22 hold
traffic server serve tcp 80 close
traffic client send tcp 198.51.100.10 22 0.05 192.0.2.1 30
traffic client send tcp 198.51.100.10 80 6 198.18. 0
