limit=1200
silent tcp dport 8080
traffic hop send tcp 198.51.100.10 8080 12
