limit=2000
fill 120 '-p 47 -s {client} -d 198.51.100.10 --srckey {n} --dstkey {n} -u ASSURED,SEEN_REPLY -t {left}'
fill 60 '-p 4 -s 203.0.113.{n} -d 198.51.100.10 -u SEEN_REPLY -t {left}'
fill 40 '-p 50 -s 203.0.113.{n} -d 198.51.100.11 -u UNSET -t {left}'
traffic server serve udp 51820
traffic client keep udp 198.51.100.10 51820 60 198.18. 10
