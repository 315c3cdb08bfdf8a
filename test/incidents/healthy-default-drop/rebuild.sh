limit=65536
hop 'iptables -A INPUT -i lo -j ACCEPT; iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT; iptables -A INPUT -p tcp -m multiport --dports 22,443 -j ACCEPT; iptables -P INPUT DROP; iptables -P FORWARD DROP; iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT; iptables -A FORWARD -d 198.51.100.10 -p tcp --dport 443 -j ACCEPT'
traffic hop serve tcp 443 close
traffic server serve tcp 443 close
traffic client send tcp 192.0.2.2 443 6 192.0.2.1 0
traffic client send tcp 198.51.100.10 443 6 198.18. 1
traffic client send tcp 192.0.2.2 23 0.3 198.18. 1
traffic client send tcp 192.0.2.2 8080 0.2 198.18. 1
traffic client send udp 192.0.2.2 5060 0.8 198.18.
traffic client send tcp 198.51.100.10 445 0.2 198.18. 1
