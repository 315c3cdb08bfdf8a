limit=600
client "ip -6 address add 2001:db8:1::2/64 dev eth0 nodad; ip -6 route add default via 2001:db8:1::1"
hop "ip -6 address add 2001:db8:1::1/64 dev near nodad; ip -6 address add 2001:db8:2::1/64 dev far nodad; sysctl -qw net.ipv6.conf.all.forwarding=1"
server "ip -6 address add 2001:db8:2::10/64 dev eth0 nodad; ip -6 route add default via 2001:db8:2::1"
hop "nft 'add table ip6 n; add chain ip6 n pre { type nat hook prerouting priority -100; }'; nft add rule ip6 n pre ip6 daddr 2001:db8:f::1 tcp dport 443 dnat to [2001:db8:2::10]:8443"
silent tcp dport 8443
sleep 2
traffic client send tcp 2001:db8:f::1 443 12
