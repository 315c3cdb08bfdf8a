limit=65536
hop 'iptables -A FORWARD -p tcp --dport 22 -m conntrack --ctstate NEW -m recent --set --name SSH; iptables -A FORWARD -p tcp --dport 22 -m conntrack --ctstate NEW -m recent --update --seconds 60 --hitcount 5 --name SSH -j DROP'
traffic server serve tcp 22 close
traffic client send tcp 198.51.100.10 22 3 192.0.2.1 0
