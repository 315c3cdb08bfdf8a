kube_router 150
traffic pods serve tcp 8080 close
traffic client send tcp 10.96.0.2 80 6 198.18. 1
