limit=65536
hop "iptables -t nat -A POSTROUTING -s 198.18.0.0/15 -o far -j MASQUERADE; iptables -P FORWARD DROP; iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT; iptables -A FORWARD -i near -j ACCEPT"
traffic server serve tcp 443 close
traffic client send tcp 198.51.100.10 443 10 198.18. 0
