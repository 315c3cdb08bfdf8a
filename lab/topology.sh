# The cluster, as one picture. Sourced by init.sh, inside User Mode Linux.
#
#        client           rs1            rs2           shelf
#           |              |              |              |
#   ========+==============+=== fabric ===+==============+=======   plain bridge, 10.0.0.0/24 and fd00:10::/64
#                                |
#   compute                   uplink
#   =========+============ brq5f6e7d8c-9b ===============+=======   stateful bridge: what the failure is about
#            |                   |                       |
#     tap1a2b3c4d-5e      tap2b3c4d5e-6f          tap3c4d5e6f-70
#            |                   |                       |
#        director1           director2                tenant
#            +------ VRRP -------+
#               VIP 10.0.0.100
#
# Requests go client -> compute -> director -> compute -> real server. Replies go from the real server straight to the
# client, so compute sees half of each connection. The tenant's server is behind the same bridge and answers through
# it: ordinary two-way traffic for contrast. shelf is a director without VRRP or load: it holds one IPVS service of
# every kind. All nodes, and monitor (Prometheus), also plug into a plain management bridge, 172.16.0.0/24.
#
# compute is the kernel's initial network namespace, because only there is nf_conntrack_max writable and only there
# does an exporter see the host's own table. Every other node has its own net, mount, pid and UTS namespace, so it has
# its own /proc, /tmp, /run and host name, as a machine would.

# The number of a node is the last part of all its addresses.
declare -rA NUMBER=(
  [compute]=1 [client]=10 [rs1]=11 [rs2]=12 [shelf]=13 [director1]=21 [director2]=22 [tenant]=30 [monitor]=40
)
declare -rA TAP=([director1]=tap1a2b3c4d-5e [director2]=tap2b3c4d5e-6f [tenant]=tap3c4d5e6f-70)
readonly ON_FABRIC='client rs1 rs2 shelf'
readonly ON_COMPUTE='director1 director2 tenant'
readonly CONTAINERS="$ON_FABRIC $ON_COMPUTE monitor"
readonly COMPUTE_BRIDGE=brq5f6e7d8c-9b
readonly VIP=10.0.0.100 SHELF_VIP=10.0.0.101 SHELF_VIP6=fd00:10::101
readonly PIDS=/run/lab/pids

# in_node NODE COMMAND...
in_node() {
  local node=$1
  shift
  nsenter --target "$(<"$PIDS/$node")" --net --mount --pid --uts -- "$@"
}

# PID 1 of a node. Its pid as nsenter needs it is read before the new /proc covers the old one.
# shellcheck disable=SC2016
readonly NODE_INIT='
  read -r pid _ </proc/self/stat
  mount -t proc proc /proc
  mount -t sysfs sysfs /sys
  for scratch in /run /tmp /var/log /var/lib; do mount -t tmpfs tmpfs $scratch; done
  hostname "$0"
  ip link set lo up
  echo "$pid" >&3
  exec sleep infinity'

start_node() {
  unshare --net --mount --pid --uts --fork --kill-child bash -c "$NODE_INIT" "$1" 3>"$PIDS/$1" &
}

# Names the node's network namespace, so that ip reaches into it without entering.
adopt_node() {
  local deadline=$((SECONDS + 20))
  until [[ -s $PIDS/$1 ]]; do
    ((SECONDS < deadline)) || fail "Cannot start node $1: it did not report its pid within 20 s"
    sleep 0.05
  done
  ip netns attach "$1" "$(<"$PIDS/$1")"
}

# make_bridge NAMESPACE BRIDGE: without spanning tree and snooping, so that it forwards everything at once.
make_bridge() {
  ip -n "$1" -batch - <<-END
	link add $2 type bridge forward_delay 0 mcast_snooping 0
	link set $2 up
	END
}

# A bridge in a namespace of its own, out of reach of compute's conntrack.
make_plain_bridge() {
  ip netns add "$1"
  make_bridge "$1" "$1"
  ip netns exec "$1" sysctl -qw net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0
}

# plug NAMESPACE BRIDGE INTERFACE NODE...: a cable from a new interface of each node to a new port of the bridge.
plug() {
  local namespace=$1 bridge=$2 interface=$3 node port
  shift 3
  for node; do
    port=$node
    [[ $bridge != "$COMPUTE_BRIDGE" ]] || port=${TAP[$node]}
    echo "link add $port type veth peer name $interface netns $node"
    echo "link set $port master $bridge up"
  done | ip -n "$namespace" -batch -
}

# address NODE INTERFACE NETWORK NETWORK6
address() {
  ip -n "$1" -batch - <<-END
	address add $3.${NUMBER[$1]}/24 dev $2
	address add $4::${NUMBER[$1]}/64 dev $2 nodad
	link set $2 up
	END
}

# The word lists are split on purpose.
# shellcheck disable=SC2086
build_topology() {
  local node
  mkdir "$PIDS"
  echo 1 >"$PIDS/compute"
  ip link set lo up
  for node in $CONTAINERS; do start_node "$node"; done
  for node in compute $CONTAINERS; do adopt_node "$node"; done

  make_plain_bridge fabric
  plug fabric fabric uplink compute
  plug fabric fabric eth0 $ON_FABRIC
  make_bridge compute "$COMPUTE_BRIDGE"
  ip link set uplink master "$COMPUTE_BRIDGE" up
  plug compute "$COMPUTE_BRIDGE" eth0 $ON_COMPUTE
  for node in $ON_FABRIC $ON_COMPUTE; do address "$node" eth0 10.0.0 fd00:10; done

  make_plain_bridge management
  plug management management eth1 compute $CONTAINERS
  for node in compute $CONTAINERS; do address "$node" eth1 172.16.0 fd00:172; done
}

# What the driver needs of all this.
describe_topology() {
  local node separator=''
  printf '{"vip":"%s","shelf":{"vip":"%s","vip6":"%s","outside":"%s","outside6":"%s"},"nodes":{' \
    "$VIP" "$SHELF_VIP" "$SHELF_VIP6" "$OUTSIDE" "$OUTSIDE6"
  for node in compute $CONTAINERS; do
    printf '%s"%s":{"pid":%d,"address":"10.0.0.%d","management":"172.16.0.%d"}' \
      "$separator" "$node" "$(<"$PIDS/$node")" "${NUMBER[$node]}" "${NUMBER[$node]}"
    separator=,
  done
  printf '}}\n'
}
