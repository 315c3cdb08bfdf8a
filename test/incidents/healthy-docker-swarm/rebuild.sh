docker_swarm
for port in 8000 8001 8002; do traffic pods serve tcp $port close; done
traffic client send tcp 192.0.2.2 8000 6 198.18. 1
