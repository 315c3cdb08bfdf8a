limit=65536
hop "iptables -t nat -A POSTROUTING -o far -j MASQUERADE"
traffic server serve tcp 443 close
traffic client send tcp 198.51.100.10 443 5 198.18. 1
ip netns exec "inc-$name-client" timeout 90 python3 -c '
import socket, struct, time
def esp(host):
    s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 50)
    s.bind((host, 0))
    return s
phones = [esp("198.18.0.%d" % n) for n in range(1, 9)]
for n in range(2000):
    for spi, one in enumerate(phones):
        one.sendto(struct.pack("!II", 0x1000 + spi, n) + bytes(64), ("198.51.100.10", 0))
    time.sleep(0.5)
' &
started+=("$!")
