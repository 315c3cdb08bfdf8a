kube_proxy 3000
# As a profile of tuned or a file of sysctl.d does after kube-proxy has started.
sysctl -qw net.ipv4.vs.expire_nodest_conn=0 net.ipv4.vs.conntrack=0
traffic pods serve tcp 8080 close
traffic client send tcp 10.96.0.2 80 6 198.18. 1
