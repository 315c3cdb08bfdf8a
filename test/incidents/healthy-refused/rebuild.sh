limit=300
traffic client send tcp 198.51.100.10 8080 30 198.18.
