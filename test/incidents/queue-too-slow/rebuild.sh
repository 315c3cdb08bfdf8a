limit=65536
hop 'iptables -A FORWARD -i near -j NFQUEUE --queue-num 0'
# Asks for the queue and takes nothing from it: linux/netfilter/nfnetlink_queue.h. The queue is small, so that it is full soon.
ip netns exec "inc-$name-hop" timeout 90 python3 -c '
import socket, struct
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
s.bind((0, 0))
def send(kind, attribute, body):
    content = struct.pack("!BBH", 0, 0, 0) + struct.pack("=HH", 4 + len(body), attribute) + body + bytes(-len(body) % 4)
    s.send(struct.pack("=IHHII", 16 + len(content), 3 << 8 | kind, 1, 0, 0) + content)
send(2, 1, struct.pack("!BBH", 1, 0, 2))
send(2, 2, struct.pack("!IB", 0, 1))
send(2, 3, struct.pack("!I", 20))
import time; time.sleep(90)
' &
started+=("$!")
sleep 1
traffic server serve tcp 443 close
traffic client send tcp 198.51.100.10 443 6 198.18. 1
