limit=620
traffic server serve tcp 6800 hold
traffic client send tcp 198.51.100.10 6800 14 198.18.
