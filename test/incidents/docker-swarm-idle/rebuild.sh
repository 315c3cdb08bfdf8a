docker_swarm
for port in 8000 8001 8002; do traffic pods serve tcp $port hold; done
# Each sends once, and nothing more for longer than half of the 15 minutes.
traffic client chat tcp 192.0.2.2 8000 60 192.0.2.1 100000
before=480
