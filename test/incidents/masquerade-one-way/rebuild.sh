ipvsadm -A -t 192.0.2.2:80 -s rr
for pod in 10 11; do ipvsadm -a -t 192.0.2.2:80 -r 10.244.0.$pod:8080 -m; done
pods 'ip link add other type dummy; ip link set other up; ip route replace default dev other'
traffic pods serve tcp 8080 close
traffic client send tcp 192.0.2.2 80 20 198.18.
