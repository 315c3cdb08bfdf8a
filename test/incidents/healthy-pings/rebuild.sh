limit=65536
hop 'for second in $(seq 90); do for n in $(seq 8); do ping -c 1 -W 1 198.51.100.10 & done; sleep 1; done' >/dev/null 2>&1 &
started+=("$!")
