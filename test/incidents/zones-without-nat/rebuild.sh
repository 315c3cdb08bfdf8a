limit=65536
hop "nft add table ip z; nft 'add chain ip z pre { type filter hook prerouting priority -300; }'; nft add rule ip z pre ip dscp cs1 ct original zone set 10; nft add rule ip z pre iifname near ip dscp cs0 ct original zone set 20"
traffic server serve udp 1812
client "nft add table ip d; nft 'add chain ip d out { type filter hook output priority 0; }'; nft add rule ip d out udp dport 1812 numgen inc mod 2 0 ip dscp set cs1"
traffic client twice udp 198.51.100.10 1812 25 198.18.
