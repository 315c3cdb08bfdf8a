import { expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import type { RemedyId } from '../../../src/diagnosis/remedies/index.ts';
import { samplesOf } from '../samples.ts';

const web = 'protocol="tcp",address="10.0.0.100",port="80",fwmark=""';
const flows = 'protocol="tcp",address="10.0.0.100",port="80",zone="0"';
const server = `ipvs_real_server_weight{${web},real_address="10.0.0.11",real_port="80",forward="direct"} 1`;
const vrrp = 'instance_name="web",interface="eth0",vrid="51",family="ipv4"';
const unanswered = `conntrack_entries 900\nconntrack_entries_limit 1000
  conntrack_destination_entries{${flows}} 900\nconntrack_destination_unreplied_entries{${flows}} 900
  conntrack_destination_verdict{${flows},verdict="unanswered"} 1`;
const stuck = `${server}\nipvs_virtual_server_connections_total{${web}} 100
  ipvs_virtual_server_incoming_packets_total{${web}} 100`;

const drained = `${web},real_address="10.0.0.11",real_port="80",forward="direct"`;
const persistent = `ipvs_virtual_server_weight{${web}} 1\nipvs_virtual_server_info{${web},persistence_seconds="300"} 1
  ipvs_real_server_weight{${drained}} 0\nipvs_setting{name="expire_quiescent_template"} 0
  ipvs_real_server_connections_total{${drained}} 9`;

const tcpdump = 'timeout 10 tcpdump -n';

/** Remedies that act on what no test machine has, or that only look: the commands of each. */
const expected: readonly (readonly [RemedyId, fault: string, commands: readonly string[]])[] = [
  ['accept-invalid-ovn', stuck, ['ovn-nbctl set NB_Global . options:use_ct_inv_match=false']],
  [
    'notrack-upstream',
    stuck,
    [
      'iptables -t raw -I PREROUTING 1 -d 10.0.0.100/32 -p tcp --dport 80 -j CT --notrack',
      'iptables -t raw -I PREROUTING 1 -s 10.0.0.100/32 -p tcp --sport 80 -j CT --notrack',
      'iptables -t raw -I OUTPUT 1 -d 10.0.0.100/32 -p tcp --dport 80 -j CT --notrack',
      'iptables -t raw -I OUTPUT 1 -s 10.0.0.100/32 -p tcp --sport 80 -j CT --notrack',
      'for try in 1 2 3 4 5; do conntrack -D -d 10.0.0.100 -p tcp --dport 80 >/dev/null && break; done',
    ],
  ],
  [
    'find-port',
    `${unanswered}\nconntrack_zone_ports{vm="yes",zone="no"} 3`,
    [`${tcpdump} -i any -c 8 'dst host 10.0.0.100 and tcp dst port 80'`],
  ],
  ['look-at-packets', unanswered, [`${tcpdump} -i any -c 40 'dst host 10.0.0.100 and tcp dst port 80'`]],
  [
    'look-at-source',
    `conntrack_source_entries{address="192.0.2.10",zone="7"} 900
    conntrack_source_verdict{address="192.0.2.10",zone="7",verdict="scan"} 1`,
    [`${tcpdump} -e -i any -c 40 'src host 192.0.2.10'`],
  ],
  [
    'look-at-opener',
    `conntrack_entries 900\nconntrack_entries_limit 1000\nconntrack_source_entries{address="192.0.2.10",zone="0"} 700`,
    ['conntrack -L -s 192.0.2.10 | head -n 40'],
  ],
  [
    'look-at-zone-limits',
    'conntrack_zone_entries{zone="7"} 900\nconntrack_zone_entries_limit{zone="7"} 1000',
    ['ovs-appctl dpctl/ct-get-limits'],
  ],
  ['ipvs-without-conntrack', `${server}\nipvs_setting{name="conntrack"} 1`, ['sysctl -w net.ipv4.vs.conntrack=0']],
  [
    'count-again',
    `ipvs_virtual_server_real_servers{${web}} 1\n${server}\nipvs_setting{name="run_estimation"} 0`,
    ['sysctl -w net.ipv4.vs.run_estimation=1'],
  ],
  [
    'look-at-memory',
    `ipvs_virtual_server_real_servers{${web}} 1\nipvs_setting{name="drop_entry"} 2`,
    ['free -m', 'ps -eo rss,comm --sort=-rss | head', "grep -E '^(ip_vs|nf_conntrack)' /proc/slabinfo"],
  ],
  ['larger-ipvs-limit', 'ipvs_connections 950\nipvs_connections_limit 1000', ['sysctl -w net.ipv4.vs.conn_max=2048']],
  [
    'look-at-allowance',
    'ethtool_conntrack_allowance_available{interface="eth0"} 0',
    ['ethtool -S eth0 | grep allowance'],
  ],
  [
    'expire-lost-connections',
    'ipvs_setting{name="expire_nodest_conn"} 0\nipvs_connections_without_real_server{protocol="udp"} 50',
    ['sysctl -w net.ipv4.vs.expire_nodest_conn=1'],
  ],
  ['expire-templates', persistent, ['sysctl -w net.ipv4.vs.expire_quiescent_template=1']],
  [
    'longer-ipvs-timeout',
    `ipvs_virtual_server_real_servers{${web}} 1\nipvs_timeout_seconds{protocol="tcp",state="established"} 300
    network_setting{name="ipv4.tcp_keepalive_time"} 7200`,
    ['ipvsadm --set 7875 0 0'],
  ],
  [
    'fragment-for-tunnels',
    `${server.replace('direct', 'tunnel')}\nipvs_setting{name="pmtu_disc"} 1\nnetwork_icmp_unreachable_sent_total 500`,
    ['sysctl -w net.ipv4.vs.pmtu_disc=0'],
  ],
  [
    'reuse-ports',
    `ipvs_virtual_server_real_servers{${web}} 1\nipvs_setting{name="conntrack"} 1\nipvs_setting{name="conn_reuse_mode"} 1
    lvs_platform_info{kernel="5.4.0-150-generic"} 1`,
    ['sysctl -w net.ipv4.vs.conn_reuse_mode=0'],
  ],
  [
    'look-at-synchronization',
    `ipvs_sync_daemon_running{role="backup"} 1\nkeepalived_vrrp_state{${vrrp},state="master"} 1`,
    [
      'ipvsadm -L --daemon',
      'sysctl net.ipv4.vs.sync_ports net.ipv4.vs.sync_sock_size',
      'timeout 10 tcpdump -n -c 10 -i any udp port 8848',
    ],
  ],
  [
    'settings-of-kube-proxy',
    'lvs_platform_info{kube_proxy="ipvs"} 1\nipvs_setting{name="expire_nodest_conn"} 0\nipvs_setting{name="conntrack"} 1',
    ['sysctl -w net.ipv4.vs.expire_nodest_conn=1'],
  ],
  [
    'allow-address',
    `lvs_platform_info{platform="openstack"} 1\nkeepalived_vrrp_state{${vrrp},state="master"} 1
    keepalived_vrrp_last_transition_timestamp_seconds{${vrrp}} 1000
    lvs_exporter_collector_last_success_timestamp_seconds{collector="keepalived"} 2000
    keepalived_vrrp_address_bound{${vrrp},address="10.0.0.100"} 1\nipvs_virtual_server_incoming_packets_total{${web}} 0`,
    [
      'openstack port show PORT -c allowed_address_pairs -c port_security_enabled',
      'openstack port set --allowed-address ip-address=10.0.0.100 PORT',
    ],
  ],
  [
    'look-at-connections',
    'ipvs_connections 950\nipvs_connections_limit 1000',
    [
      'ipvsadm -L -n',
      `ipvsadm -L -n -c | awk 'NR > 2 { sub(/:[0-9]+$/, "", $4); print $4 }' | sort | uniq -c | sort -rn | head`,
    ],
  ],
  [
    'limit-within-memory',
    'conntrack_entries_limit 1048576\nconntrack_buckets 1048576\nlvs_platform_memory_bytes 1000000000',
    ['sysctl -w net.netfilter.nf_conntrack_max=524288'],
  ],
  [
    'more-expectations',
    'conntrack_expectations 4096\nconntrack_expectations_limit 4096',
    ['sysctl -w net.netfilter.nf_conntrack_expect_max=16384'],
  ],
  [
    'look-at-advertisements',
    `keepalived_vrrp_state{${vrrp},state="master"} 1\nkeepalived_vrrp_advertisements_received_total{${vrrp}} 10`,
    [`${tcpdump} -vv -c 10 -i eth0 vrrp`],
  ],
  [
    'look-at-instance',
    `keepalived_vrrp_state{${vrrp},state="fault"} 1`,
    ['ip -d link show dev eth0', `journalctl -u '*keepalived*' -n 50 --no-pager`],
  ],
  [
    'look-at-peers',
    ['10.0.0.8', '10.0.0.9']
      .map((peer) => `keepalived_vrrp_unicast_peer_reachable{${vrrp},peer="${peer}"} 0`)
      .concat(`keepalived_vrrp_state{${vrrp},state="master"} 1`)
      .join('\n'),
    [
      'ip neighbour show to 10.0.0.8',
      'ip route get 10.0.0.8',
      'ip route get 10.0.0.9',
      'ip neighbour show to 10.0.0.9',
    ],
  ],
  [
    'look-at-real-servers',
    `ipvs_virtual_server_real_servers{${web}} 0\nipvs_virtual_server_weight{${web}} 0\nkeepalived_up 1`,
    [
      'ipvsadm -L -n -t 10.0.0.100:80',
      `journalctl -u '*keepalived*' --since -1h | grep -i -E "removing|adding|quorum|check"`,
    ],
  ],
  [
    'read-log',
    'lvs_exporter_collector_success{collector="network"} 0',
    ['journalctl -u lvs-exporter -n 50 --no-pager'],
  ],
  [
    'read-namespace',
    'other_namespaces_entries{namespace="qrouter-1"} 40\nother_namespaces_entries{namespace="/proc/7/ns/net"} 60',
    ['lvs-exporter diagnose --collector.conntrack.netns=/proc/7/ns/net'],
  ],
  [
    'record-dumps',
    'keepalived_dump_skipped_lines{dump="data"} 2',
    ['keepalived --version', 'lvs-exporter record keepalived-dumps'],
  ],
  ['run-in-host-namespace', 'lvs_host_network_namespace 0', ['nsenter --target 1 --net lvs-exporter diagnose']],
  [
    'restart-keepalived',
    `keepalived_virtual_server_disagreement{${web},reason="missing"} 1`,
    ['systemctl restart keepalived'],
  ],
  [
    'start-keepalived',
    `keepalived_up 0\nkeepalived_vrrp_state{${vrrp},state="master"} 0`,
    ['systemctl start keepalived', `journalctl -u '*keepalived*' -n 50 --no-pager`],
  ],
];

it.each(expected)('%s', (id, fault, commands) => {
  const earlier = fault.replaceAll(/(_total(?:\{[^}]*\})?) \d+/g, '$1 0');
  const remedies = diagnose(samplesOf(fault), samplesOf(earlier)).flatMap((finding) => finding.remedies);
  expect(remedies.find((one) => one.id === id)?.commands).toEqual(commands);
});
