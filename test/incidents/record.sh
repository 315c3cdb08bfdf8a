#!/usr/bin/env bash
# record.sh NAME...: rebuilds incidents on this kernel, in network namespaces, and records what the host in the middle
# sees: NAME/recording.json.gz. Each takes about 25 s. Root, conntrack, iproute2, iptables and nftables.
#
# NAME/rebuild.sh is read by the shell that has these functions, and sets `limit`, the limit of the table that is
# reported: the kernel has one for all namespaces.
set -euo pipefail
corpus=$(cd "$(dirname "$0")" && pwd)
cd "$corpus/../.."

at() { local place=$1; shift; ip netns exec "inc-$name-$place" bash -c "$*"; }
client() { at client "$@"; }
hop() { at hop "$@"; }
server() { at server "$@"; }

# traffic PLACE WORDS...: goes on in the background until the recording ends.
traffic() {
  local place=$1; shift
  ip netns exec "inc-$name-$place" node --import tsx "$corpus/traffic.ts" "$@" >/dev/null 2>&1 &
  started+=("$!")
}

# fill COUNT TEMPLATE: entries of the table as `conntrack -R` reads them. {client} is one of 250 addresses, {n} counts,
# {port} is another one for each entry, {left} is a number of seconds from $left on.
fill() {
  awk -v count="$1" -v template="$2" -v left="${left:-100}" 'BEGIN {
    for (n = 0; n < count; n++) {
      line = template
      gsub(/\{client\}/, "192.0.2." (3 + n % 250), line); gsub(/\{port\}/, 1024 + n, line)
      gsub(/\{n\}/, n % 250, line); gsub(/\{left\}/, left + n % 60, line)
      print "-A " line
    }
  }' >"$work/entries"
  ip netns exec "inc-$name-hop" conntrack -R "$work/entries" >/dev/null 2>&1 || true
}

silent() { server "nft add table inet silent; nft 'add chain inet silent in { type filter hook input priority 0; }'; nft add rule inet silent in $* drop"; }

# The replies of the server go to the clients on a way of their own.
bypass() {
  ip link add past netns "inc-$name-client" type veth peer name past netns "inc-$name-server"
  client 'ip address add 10.99.0.1/24 dev past; ip link set past up; sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.past.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0'
  server 'ip address add 10.99.0.2/24 dev past; ip link set past up; ip route add 198.18.0.0/15 via 10.99.0.1; ip route add 192.0.2.1 via 10.99.0.1'
}

connect() {
  local place
  for place in client hop server; do ip netns add "inc-$name-$place"; at "$place" ip link set lo up; done
  ip link add near netns "inc-$name-hop" type veth peer name eth0 netns "inc-$name-client"
  ip link add far netns "inc-$name-hop" type veth peer name eth0 netns "inc-$name-server"
  client 'ip address add 192.0.2.1/24 dev eth0; ip link set eth0 up; ip route add default via 192.0.2.2; ip route add local 198.18.0.0/15 dev lo'
  server 'ip address add 198.51.100.10/24 dev eth0; ip link set eth0 up; ip route add default via 198.51.100.1'
  hop 'ip address add 192.0.2.2/24 dev near; ip address add 198.51.100.1/24 dev far; ip link set near up; ip link set far up; ip route add 198.18.0.0/15 via 192.0.2.1; sysctl -qw net.ipv4.ip_forward=1'
  hop "nft add table inet track; nft 'add chain inet track forward { type filter hook forward priority 0; }'; nft add rule inet track forward ct state established accept"
  hop "nft 'add chain inet track output { type filter hook output priority 0; }'; nft add rule inet track output ct state established accept"
}

finish() {
  local one
  for one in "${started[@]}"; do kill "$one" 2>/dev/null || true; done
  for one in client hop server; do ip netns delete "inc-$name-$one" 2>/dev/null || true; done
  rm -rf "$work"
}

# The limit of a namespace is that of the machine: what is recorded is a file of its own in the place of it.
record() {
  echo "$limit" >"$work/limit"
  echo "${buckets:-$limit}" >"$work/buckets"
  echo "${expectations:-4096}" >"$work/expectations"
  ip netns exec "inc-$name-hop" unshare -m -p -f --mount-proc bash -c '
    mount --bind "$1/limit" /proc/sys/net/netfilter/nf_conntrack_max
    mount --bind "$1/buckets" /proc/sys/net/netfilter/nf_conntrack_buckets
    mount --bind "$1/expectations" /proc/sys/net/netfilter/nf_conntrack_expect_max
    exec node --import tsx "$2/record.ts" "$3"' _ "$work" "$corpus" "$corpus/$name/recording.json.gz"
}

for name in "$@"; do
  (
    work=$(mktemp -d)
    started=()
    trap finish EXIT
    connect
    limit=400
    . "$corpus/$name/rebuild.sh"
    sleep "${before:-20}"
    record
  )
done
