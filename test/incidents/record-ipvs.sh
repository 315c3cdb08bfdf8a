#!/usr/bin/env bash
# record-ipvs.sh NAME...: rebuilds incidents of machines with IPVS on the kernel of Debian's user-mode-linux, and records
# what the machine sees: NAME/recording.json.gz. Each takes about two minutes. user-mode-linux, ipvsadm, iptables.
#
# NAME/rebuild.sh is read by the shell that is PID 1 of that kernel. The machine is the kernel's own network namespace,
# `eth0` leads to its clients (192.0.2.0/24), `cni0` to its pods (10.244.0.0/16). Services answer on port 8080 of each pod.
set -euo pipefail
corpus=$(cd "$(dirname "$0")" && pwd)
readonly corpus
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# Outside: boots the kernel with this script as PID 1.
boot() {
  local name=$1 output
  output=$(mktemp -d)
  linux.uml rootfstype=hostfs rootflags=/ root=98:0 ro mem=1G init="$corpus/record-ipvs.sh" \
    console=tty0 con=null con0=null,fd:2 con1=null,fd:1 quiet "uml_dir=$output/" umid=machine \
    -- --inside "$name" "$output" "$(command -v node)" 2>"$output/kernel.log" </dev/null
  if [ ! -s "$output/recording.json.gz" ]; then
    echo "record-ipvs.sh: $name was not recorded: $output/kernel.log" >&2
    return 1
  fi
  cp "$output/recording.json.gz" "$corpus/$name/recording.json.gz"
  rm -r "$output"
}

client() { ip netns exec client bash -c "$*"; }
pods() { ip netns exec pods bash -c "$*"; }

# traffic PLACE WORDS...: goes on in the background until the recording ends.
traffic() {
  local place=$1; shift
  ip netns exec "$place" "$node" --import tsx "$corpus/traffic.ts" "$@" >/dev/null 2>&1 &
}

connect() {
  local place
  ip link set lo up
  for place in client pods; do ip netns add "$place"; ip -n "$place" link set lo up; done
  ip link add eth0 type veth peer name eth0 netns client
  ip link add cni0 type veth peer name eth0 netns pods
  ip address add 192.0.2.2/24 dev eth0; ip link set eth0 up
  ip address add 10.244.0.1/16 dev cni0; ip link set cni0 up
  ip route add 198.18.0.0/15 via 192.0.2.1
  client 'ip address add 192.0.2.1/24 dev eth0; ip link set eth0 up; ip route add default via 192.0.2.2; ip route add local 198.18.0.0/15 dev lo'
  pods 'ip link set eth0 up; ip route add local 10.244.0.0/16 dev lo; ip route add 10.244.0.1 dev eth0; ip route add default via 10.244.0.1'
  pods 'sysctl -qw net.ipv4.conf.eth0.proxy_arp=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0'
  sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0
}

# services FIRST COUNT: of Kubernetes, 10.96.0.0/16, the first at this number. Every third has no endpoint on this node, as
# with externalTrafficPolicy: Local; the others have two.
services() {
  awk -v first="$1" -v count="$2" 'BEGIN {
    for (n = first; n < first + count; n++) {
      address = "10.96." int(n / 250) "." 1 + n % 250
      print "-A -t " address ":80 -s rr"
      if (n % 3 == 0) continue
      for (pod = 0; pod < 2; pod++) print "-a -t " address ":80 -r 10.244." 1 + int((2 * n + pod) / 250) "." 1 + (2 * n + pod) % 250 ":8080 -m -w 1"
    }
  }'
}

# What kube-proxy in IPVS mode sets up, without its sets of addresses.
kube_proxy() {
  ip link add kube-ipvs0 type dummy
  services 0 "$1" >/run/services
  awk '/^-A/ { sub(":80", "", $3); print "address add " $3 "/32 dev kube-ipvs0" }' /run/services | ip -batch -
  ipvsadm -R </run/services
  sysctl -qw net.ipv4.vs.conntrack=1 net.ipv4.vs.conn_reuse_mode=0 net.ipv4.vs.expire_nodest_conn=1 \
    net.ipv4.vs.expire_quiescent_template=1 net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
  sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_close_wait=3600 net.netfilter.nf_conntrack_tcp_timeout_established=86400
  iptables-legacy-restore <<-END
	*nat
	:KUBE-SERVICES - [0:0]
	:KUBE-POSTROUTING - [0:0]
	:KUBE-MARK-MASQ - [0:0]
	-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
	-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
	-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
	-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
	-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
	-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
	-A KUBE-POSTROUTING -j MASQUERADE
	-A KUBE-SERVICES ! -s 10.244.0.0/16 -d 10.96.0.0/16 -j KUBE-MARK-MASQ
	COMMIT
	*filter
	:KUBE-FORWARD - [0:0]
	-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
	-A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT
	-A KUBE-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
	COMMIT
	END
}

# What kube-router sets up, without its sets of addresses. Of one service packets are marked and go to its pods by tunnel.
kube_router() {
  ip link add kube-dummy-if type dummy; ip link set kube-dummy-if up
  services 0 "$1" >/run/services
  awk '/^-A/ { sub(":80", "", $3); print "address add " $3 "/32 dev kube-dummy-if" }' /run/services | ip -batch -
  ipvsadm -R </run/services
  ipvsadm -A -f 4321 -s rr -p 10800
  ipvsadm -a -f 4321 -r 10.244.1.3 -i -w 1
  sysctl -qw net.ipv4.vs.conntrack=1 net.ipv4.vs.conn_reuse_mode=0 net.ipv4.vs.expire_nodest_conn=1 \
    net.ipv4.vs.expire_quiescent_template=1 net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
  iptables-legacy-restore <<-END
	*nat
	:KUBE-ROUTER-SERVICES - [0:0]
	-A POSTROUTING -j KUBE-ROUTER-SERVICES
	-A KUBE-ROUTER-SERVICES ! -s 10.244.0.0/16 -d 10.244.0.0/16 -j MASQUERADE
	COMMIT
	*filter
	:KUBE-ROUTER-INPUT - [0:0]
	-A INPUT -m comment --comment "kube-router netpol" -j KUBE-ROUTER-INPUT
	-A KUBE-ROUTER-INPUT -d 10.96.0.0/16 -m comment --comment "allow traffic to primary cluster IP range" -j RETURN
	COMMIT
	END
}

# What Docker sets up in the namespace of its network `ingress`: a mark for each published port, and a service for it.
docker_swarm() {
  local index
  ipvsadm --clear
  for index in 0 1 2; do
    iptables -t mangle -A PREROUTING -p tcp --dport $((8000 + index)) -j MARK --set-mark $((256 + index))
    ipvsadm -A -f $((256 + index)) -s rr
    ipvsadm -a -f $((256 + index)) -r 10.244.1.$((3 + 2 * index)) -m -w "${1:-1}"
    ipvsadm -a -f $((256 + index)) -r 10.244.1.$((4 + 2 * index)) -m -w "${1:-1}"
  done
  iptables -t nat -A POSTROUTING -d 10.244.0.0/16 -m ipvs --ipvs -j SNAT --to-source 10.244.0.1
  sysctl -qw net.ipv4.vs.conntrack=1 net.ipv4.vs.conn_reuse_mode=0 net.ipv4.vs.expire_nodest_conn=1 \
    net.ipv4.vs.expire_quiescent_template=1
}

# Three services that ldirectord checks, on one address of the director, which masquerades.
ldirectord() {
  local index service
  for index in 0 1 2; do
    service=192.0.2.2:$((8000 + index))
    ipvsadm -A -t "$service" -s wlc
    ipvsadm -a -t "$service" -r 10.244.1.$((3 + 2 * index)):8080 -m -w 1
    ipvsadm -a -t "$service" -r 10.244.1.$((4 + 2 * index)):8080 -m -w 1
  done
  cp "$(command -v sleep)" /run/ldirectord
  /run/ldirectord infinity &
}

# Inside: PID 1.
prepare() {
  local scratch place
  mount -t proc proc /proc
  mount -t sysfs sysfs /sys
  for scratch in /mnt /run /var/lib /var/log; do mount -t tmpfs tmpfs "$scratch"; done
  mkdir -p /run/netns /mnt/output /mnt/bin /run/modules/lib
  mount -t hostfs -o "$1" output /mnt/output
  mount -t tmpfs tmpfs /tmp
  ln -s /usr/lib/uml/modules /run/modules/lib/modules
  modprobe -d /run/modules -a ipv6 veth bridge dummy sctp nf_conntrack nf_conntrack_netlink netlink_diag \
    ip_tables iptable_raw iptable_mangle iptable_filter iptable_nat ip6_tables ip6table_raw ip6table_filter ip6table_nat \
    xt_tcpudp xt_conntrack xt_CT xt_comment xt_mark xt_MASQUERADE xt_nat xt_REDIRECT xt_addrtype xt_ipvs \
    ip_vs ip_vs_rr ip_vs_wrr ip_vs_lc ip_vs_wlc ip_vs_sh ip_vs_mh
  # nf_tables, which iptables uses by default, has no family for IP in this kernel.
  for place in iptables ip6tables; do
    ln -s "$(command -v $place-legacy)" /mnt/bin/$place
    ln -s "$(command -v $place-legacy-save)" /mnt/bin/$place-save
  done
  PATH=/mnt/bin:$PATH
}

inside() {
  local name=$1 output=$2
  node=$3
  exec >/dev/tty0 2>&1
  prepare "$output"
  # After the scratch file systems are mounted: a repository below one of them would be hidden.
  cd "$corpus/../.."
  connect
  . "$corpus/$name/rebuild.sh"
  sleep "${before:-20}"
  "$node" --import tsx "$corpus/record.ts" /mnt/output/recording.json.gz
}

power_off() {
  echo o >/proc/sysrq-trigger
  sleep infinity
}

if [ "${1:-}" = --inside ]; then
  trap power_off EXIT
  inside "${@:2}"
else
  for name in "$@"; do boot "$name"; done
fi
