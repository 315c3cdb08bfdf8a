docker_swarm
ipvsadm -e -f 257 -r 10.244.1.5 -m -w 0
ipvsadm -e -f 257 -r 10.244.1.6 -m -w 0
for port in 8000 8001 8002; do traffic pods serve tcp $port close; done
traffic client send tcp 192.0.2.2 8000 6 198.18. 1
traffic client send tcp 192.0.2.2 8001 6 198.18. 1
