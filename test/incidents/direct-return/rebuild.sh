limit=1200
bypass
traffic server serve tcp 8080 close
traffic client send tcp 198.51.100.10 8080 12 198.18. 1
