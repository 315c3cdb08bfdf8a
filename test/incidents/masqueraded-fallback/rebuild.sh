ldirectord
ipvsadm -e -t 192.0.2.2:8001 -r 10.244.1.5:8080 -m -w 0
ipvsadm -e -t 192.0.2.2:8001 -r 10.244.1.6:8080 -m -w 0
ipvsadm -a -t 192.0.2.2:8001 -r 127.0.0.1:8001 -m -w 1
"$node" --import tsx "$corpus/traffic.ts" serve tcp 8001 close >/dev/null 2>&1 &
traffic pods serve tcp 8080 close
for port in 8000 8001 8002; do traffic client send tcp 192.0.2.2 $port 6 198.18. 1; done
