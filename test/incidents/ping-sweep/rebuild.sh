limit=300
before=32
hop "ip route add 203.0.0.0/8 via 198.51.100.10"
server "nft add table inet silent; nft 'add chain inet silent in { type filter hook prerouting priority -300; }'; nft add rule inet silent in ip protocol icmp drop"
ip netns exec "inc-$name-client" timeout 90 python3 -c '
import os, socket, struct, time
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
for n in range(2000):
    body = struct.pack("!HH", 7, n)
    total = 0x0800 + 7 + n
    s.sendto(struct.pack("!BBH", 8, 0, ~((total & 0xffff) + (total >> 16)) & 0xffff) + body, ("203.0.%d.%d" % (n // 250, 1 + n % 250), 0))
    time.sleep(1 / 14)
' &
started+=("$!")
