limit=65536
traffic server serve tcp 8080 hold
traffic client chat tcp 198.51.100.10 8080 120 192.0.2.1
sleep 6
hop "conntrack -F"
before=4
