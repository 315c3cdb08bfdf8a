limit=65536
client "ip -6 address add 2001:db8:1::2/64 dev eth0 nodad; ip -6 route add default via 2001:db8:1::1"
hop "ip -6 address add 2001:db8:1::1/64 dev near nodad; ip -6 address add 2001:db8:2::1/64 dev far nodad; sysctl -qw net.ipv6.conf.all.forwarding=1"
server "ip -6 address add 2001:db8:2::10/64 dev eth0 nodad; ip -6 route add default via 2001:db8:2::1"
ip link add past netns "inc-$name-client" type veth peer name past netns "inc-$name-server"
client 'ip link set past up; ip -6 address add 2001:db8:99::1/64 dev past nodad'
server 'ip link set past up; ip -6 address add 2001:db8:99::2/64 dev past nodad; ip -6 route add 2001:db8:1::/64 via 2001:db8:99::1'
hop "nft insert rule inet track forward ct state invalid drop"
sleep 2
traffic server serve tcp 8080 close
traffic client send tcp 2001:db8:2::10 8080 12
