limit=65536
ip netns exec "inc-$name-hop" timeout 90 python3 -c '
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("0.0.0.0", 5353))
time.sleep(3)
while True: s.sendto(b"ok", s.recvfrom(4096)[1])
' &
started+=("$!")
sleep 1
client 'python3 -c "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for n in range(3000): s.sendto(b\"x\" * 24, (\"192.0.2.2\", 5353))
"'
traffic client send udp 192.0.2.2 5353 20 198.18.
