limit=65536
hop 'iptables -A FORWARD -i near -j NFQUEUE --queue-num 0'
# Takes each packet from the queue and accepts it: linux/netfilter/nfnetlink_queue.h.
ip netns exec "inc-$name-hop" timeout 90 python3 -c '
import socket, struct
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
s.bind((0, 0))
def send(kind, attribute, body):
    content = struct.pack("!BBH", 0, 0, 0) + struct.pack("=HH", 4 + len(body), attribute) + body + bytes(-len(body) % 4)
    s.send(struct.pack("=IHHII", 16 + len(content), 3 << 8 | kind, 1, 0, 0) + content)
send(2, 1, struct.pack("!BBH", 1, 0, 2))
send(2, 2, struct.pack("!IB", 0, 1))
while True:
    message = s.recv(65536)
    if struct.unpack("=H", message[4:6])[0] == 3 << 8:
        send(1, 2, struct.pack("!I", 1) + message[24:28])
' &
started+=("$!")
sleep 1
traffic server serve tcp 443 close
traffic client send tcp 198.51.100.10 443 6 198.18. 1
