limit=65536
ip netns exec "inc-$name-hop" timeout 90 python3 -c '
import socket, time
s = socket.socket(); s.bind(("0.0.0.0", 8080)); s.listen(8); time.sleep(90)
' &
started+=("$!")
sleep 1
traffic client send tcp 192.0.2.2 8080 12 198.18.
