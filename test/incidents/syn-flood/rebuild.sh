limit=1200
silent tcp dport 80
traffic client send tcp 198.51.100.10 80 14 198.18.
