#!/bin/bash
# PID 1 inside User Mode Linux: mounts, modules, cluster, driver, power off. Started by main.ts:
#
#   init.sh REPOSITORY OUTPUT NODE [driver argument]...
#
# REPOSITORY and OUTPUT are folders of the host, NODE its node program. The root file system is the host's own and
# read-only. What the lab writes goes to a tmpfs or to OUTPUT, which also holds the bundled driver and a copy of dist/.
set -u
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
readonly LAB=/mnt/repository/lab

power_off() {
  echo o >/proc/sysrq-trigger
  sleep infinity
}

fail() {
  echo "lab: $1"
  power_off
}

# The two folders get names that no tmpfs hides: a repository may well be below the host's /tmp.
mount_all() {
  local scratch
  mount -t proc proc /proc
  mount -t sysfs sysfs /sys
  for scratch in /mnt /run /tmp /var/log /var/lib; do mount -t tmpfs tmpfs "$scratch"; done
  mkdir -p /mnt/repository /mnt/output /run/lab /run/netns
  mount -t hostfs -o "ro,$1" repository /mnt/repository
  mount -t hostfs -o "$2" output /mnt/output
  mount -t hostfs -o "ro,$2/dist" dist /mnt/repository/dist
}

# User Mode Linux does not load modules on demand: the kernel would call the host's modprobe, which looks in the host's
# /lib/modules. So every one is named here.
load_modules() {
  local root=/run/lab/modules
  mkdir -p "$root/lib"
  ln -s /usr/lib/uml/modules "$root/lib/modules"
  modprobe -d "$root" -a \
    ipv6 veth bridge br_netfilter ipip sctp \
    nf_conntrack nf_conntrack_netlink netlink_diag \
    ip_tables iptable_raw iptable_mangle iptable_filter ip6_tables ip6table_mangle \
    xt_tcpudp xt_conntrack xt_CT xt_comment xt_mark \
    ip_vs ip_vs_rr ip_vs_wrr ip_vs_lc ip_vs_wlc ip_vs_sh ip_vs_mh ||
    fail "Cannot load the modules named above from /usr/lib/uml/modules/$(uname -r): reinstall user-mode-linux"
}

# nf_tables, which iptables uses by default, has no family for IP in this kernel. What is typed on a node is "iptables".
link_legacy_iptables() {
  local name
  mkdir /mnt/bin
  for name in iptables ip6tables; do
    ln -s "$(command -v $name-legacy)" /mnt/bin/$name
    ln -s "$(command -v $name-legacy-save)" /mnt/bin/$name-save
  done
  PATH=/mnt/bin:$PATH
}

exec >/dev/tty1 2>&1
echo "lab: kernel $(uname -r) booted"
mount_all "$1" "$2"
chrt --fifo 50 bash "$LAB/clock/pace.sh" &
source "$LAB/topology.sh"
source "$LAB/roles.sh"
source "$LAB/shelf.sh"
load_modules
link_legacy_iptables
build_topology
build_roles
stock_shelf
describe_topology >/run/lab/topology.json
read -r uptime _ </proc/uptime
echo "lab: cluster up after $uptime s"
# The limit is for a machine that outlived main.ts, which has a lower one.
timeout 45m "$3" --enable-source-maps /mnt/output/driver.mjs "${@:4}"
power_off
