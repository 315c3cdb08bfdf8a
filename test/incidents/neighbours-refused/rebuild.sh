limit=65536
client 'sysctl -qw net.ipv6.conf.all.accept_dad=0; ip -6 address add 2001:db8:1::1/64 dev eth0 nodad; ip -6 route add default via 2001:db8:1::2'
server 'ip -6 address add 2001:db8:2::10/64 dev eth0 nodad; ip -6 route add default via 2001:db8:2::1'
hop 'sysctl -qw net.ipv6.conf.all.forwarding=1; ip -6 address add 2001:db8:1::2/64 dev near nodad; ip -6 address add 2001:db8:2::1/64 dev far nodad'
hop 'ip6tables -P INPUT DROP; ip6tables -A INPUT -i lo -j ACCEPT; ip6tables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT; ip6tables -A INPUT -p tcp --dport 22 -j ACCEPT'
traffic server serve tcp 443 close
traffic server serve udp 53
traffic client send tcp 2001:db8:2::10 443 6
# The router asks for names, too.
traffic hop send udp 2001:db8:2::10 53 4
