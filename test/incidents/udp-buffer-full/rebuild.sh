limit=65536
ip netns exec "inc-$name-hop" timeout 90 python3 -c '
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("0.0.0.0", 5353))
while True: s.recvfrom(4096); time.sleep(0.2)
' &
started+=("$!")
sleep 1
traffic client send udp 192.0.2.2 5353 40 198.18.
