limit=65536
# The server is a virtual machine of a network with forward mode "nat".
hop 'ip link set far down; ip link set far name virbr0; ip link set virbr0 up'
hop 'for c in LIBVIRT_FWX LIBVIRT_FWI LIBVIRT_FWO; do iptables -N $c; iptables -A FORWARD -j $c; done'
hop 'iptables -A LIBVIRT_FWX -i virbr0 -o virbr0 -j ACCEPT; iptables -A LIBVIRT_FWI -d 198.51.100.0/24 -o virbr0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT; iptables -A LIBVIRT_FWI -o virbr0 -j REJECT --reject-with icmp-port-unreachable'
hop 'iptables -A LIBVIRT_FWO -s 198.51.100.0/24 -i virbr0 -j ACCEPT; iptables -A LIBVIRT_FWO -i virbr0 -j REJECT --reject-with icmp-port-unreachable'
traffic server serve tcp 80 close
traffic client serve tcp 8080 close
traffic client send tcp 198.51.100.10 80 6 198.18. 1
