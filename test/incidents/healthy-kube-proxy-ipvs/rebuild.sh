kube_proxy 3000
traffic pods serve tcp 8080 close
traffic client send tcp 10.96.0.2 80 6 198.18. 1
traffic client send tcp 10.96.3.6 80 3 198.18. 1
