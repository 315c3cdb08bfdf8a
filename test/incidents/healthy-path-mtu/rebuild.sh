limit=65536
hop 'ip link set near mtu 1400'
ip netns exec "inc-$name-server" timeout 90 node -e '
require("net").createServer((s) => s.on("error", () => {}).on("data", () => s.end("x".repeat(100000)))).listen(8080)' &
started+=("$!")
sleep 1
# A few clients, which come again and again.
traffic client send tcp 198.51.100.10 8080 3 198.18.7.
