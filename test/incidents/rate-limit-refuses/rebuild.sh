limit=65536
hop 'iptables -A FORWARD -p tcp --dport 80 --syn -m hashlimit --hashlimit-name web --hashlimit-mode srcip --hashlimit-above 30/min --hashlimit-burst 5 -j DROP'
traffic server serve tcp 80 close
traffic client send tcp 198.51.100.10 80 6 192.0.2.1 0
