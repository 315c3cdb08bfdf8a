limit=16384
hop "iptables -t nat -A PREROUTING -d 203.0.113.1/32 -p udp -m udp --dport 8125 -j DNAT --to-destination 198.51.100.99:8125"
hop 'ip neighbour add 198.51.100.99 lladdr 02:00:00:00:00:99 dev far'
traffic server serve udp 8125
traffic client keep udp 203.0.113.1 8125 30 198.18. 3
sleep 6
hop 'iptables -t nat -F PREROUTING; iptables -t nat -A PREROUTING -d 203.0.113.1/32 -p udp -m udp --dport 8125 -j DNAT --to-destination 198.51.100.10:8125'
traffic client send udp 203.0.113.1 8125 4 198.18. 1
