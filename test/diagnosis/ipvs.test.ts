import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { inShort, samplesOf } from './samples.ts';

const web = 'protocol="tcp",address="10.0.0.100",port="80",fwmark=""';
const director = `ipvs_virtual_server_real_servers{${web}} 2\nipvs_virtual_server_weight{${web}} 1`;
const vrrp = 'instance_name="web",interface="eth0",vrid="51",family="ipv4"';
const setting = (name: string, value: number) => `ipvs_setting{name="${name}"} ${value}`;

/** What is found where these series have risen from 0. */
function summary(...texts: readonly string[]): string[] {
  const now = texts.join('\n');
  const before = now.replaceAll(/(_total(?:\{[^}]*\})?) \d+/g, '$1 0');
  return diagnose(samplesOf(now), samplesOf(before)).map(inShort);
}

describe('diagnose() of connections to real servers that are gone', () => {
  const lost = (value: number, protocol = 'udp') =>
    `ipvs_connections_without_real_server{protocol="${protocol}"} ${value}`;

  it.each([
    ['UDP flows whose packets are dropped', [setting('expire_nodest_conn', 0), lost(50)], true],
    ['TCP connections', [setting('expire_nodest_conn', 0), lost(2), lost(2, 'tcp')], true],
    ['a few', [setting('expire_nodest_conn', 0), lost(2)], false],
    ['none', [setting('expire_nodest_conn', 0), lost(0)], false],
    ['those that end at their next packet', [setting('expire_nodest_conn', 1), lost(50)], false],
    ['those of a kernel that does not show the setting', [lost(50)], false],
  ])('%s', (_, texts, isFound) => {
    expect(summary(director, ...texts)).toEqual(isFound ? ['warning ipvs-connections-without-real-server'] : []);
  });
});

describe('diagnose() of a drained real server', () => {
  const real = `${web},real_address="10.0.0.11",real_port="80",forward="direct"`;
  const server = (weight: number, connections: number, packets: number) => `ipvs_real_server_weight{${real}} ${weight}
    ipvs_real_server_connections_total{${real}} ${connections}
    ipvs_real_server_incoming_packets_total{${real}} ${packets}`;
  const persistent = `ipvs_virtual_server_info{${web},scheduler="rr",flags="persistent",persistence_seconds="300"} 1`;
  const kubeProxy = 'lvs_platform_info{kube_proxy="ipvs"} 1';
  const found = (severity: string) => [`${severity} ipvs-drained-server-gets-packets tcp 10.0.0.100:80 10.0.0.11:80`];

  it.each([
    ['that persistence gives new connections', [server(0, 1, 5), persistent], found('warning')],
    ['with open connections', [server(0, 0, 50)], found('info')],
    ['with open connections of persistent clients', [server(0, 0, 50), persistent], found('info')],
    ['without packets', [server(0, 0, 2)], []],
    ['that is not drained', [server(1, 9, 50), persistent], []],
    ['that kube-proxy ends gracefully', [server(0, 0, 50), kubeProxy], []],
    [
      'that session affinity of Kubernetes gives new connections',
      [server(0, 1, 5), persistent, kubeProxy],
      found('warning'),
    ],
  ])('%s', (_, texts, expected) => {
    expect(summary(director, ...texts)).toEqual(expected);
  });

  it('nothing of a service all of whose servers are drained, which is another fault', () => {
    const drained = director.replace(/1$/, '0');
    expect(summary(drained, server(0, 1, 50), persistent)).toEqual([
      'critical ipvs-service-weight-zero tcp 10.0.0.100:80',
    ]);
  });
});

describe('diagnose() of idle connections', () => {
  const timers = (timeout: number, keepalive: number) =>
    `ipvs_timeout_seconds{protocol="tcp",state="established"} ${timeout}
    network_setting{name="ipv4.tcp_keepalive_time"} ${keepalive}`;
  const connections = (idle: number, all: number) => `ipvs_connection_idle_entries ${idle}
    ipvs_connection_entries{protocol="tcp",state="established",origin="local"} ${all}`;

  it.each([
    ['a timer below the default and below the keepalive', [timers(300, 7200)], ['info ipvs-timeout-below-keepalive']],
    [
      'the defaults with idle connections',
      [timers(900, 7200), connections(30, 100)],
      ['warning ipvs-timeout-below-keepalive'],
    ],
    ['the defaults of every machine', [timers(900, 7200)], []],
    ['the defaults with busy connections', [timers(900, 7200), connections(10, 1000)], []],
    ['a few idle connections', [timers(900, 7200), connections(19, 19)], []],
    ['a keepalive that is shorter', [timers(300, 120), connections(100, 100)], []],
    ['a timer that is longer', [timers(7875, 7200), connections(100, 100)], []],
  ])('%s', (_, texts, expected) => {
    expect(summary(director, ...texts)).toEqual(expected);
  });

  it('nothing where every service is of UDP', () => {
    expect(summary(director.replaceAll('tcp', 'udp'), timers(300, 7200))).toEqual([]);
  });
});

describe('diagnose() of ports that are used again', () => {
  const modes = (reuse: number, conntrack: number) => `${setting('conn_reuse_mode', reuse)}
    ${setting('conntrack', conntrack)}`;

  it.each([
    ['5.4.0-150-generic', modes(1, 1), true],
    ['4.19.0', modes(1, 1), true],
    ['5.8.18', modes(3, 1), true],
    ['5.9.0', modes(1, 1), false],
    ['6.1.0', modes(1, 1), false],
    ['5.10.0', modes(1, 1), false],
    ['5.4.0', modes(0, 1), false],
    ['5.4.0', modes(1, 0), false],
  ])('on Linux %s', (kernel, settings, isFound) => {
    const found = summary(director, settings, `lvs_platform_info{kernel="${kernel}"} 1`);
    expect(found).toEqual(isFound ? ['warning ipvs-port-reuse-delays'] : []);
  });
});

describe('diagnose() of tunnels', () => {
  const tunnel = `ipvs_real_server_weight{${web},real_address="10.0.0.11",real_port="80",forward="tunnel"} 1`;
  const sent = (messages: number) => `network_icmp_unreachable_sent_total ${messages}`;

  it.each([
    ['whose packets are too long', [tunnel, sent(10)], true],
    ['that fragment', [tunnel, sent(500), setting('pmtu_disc', 0)], false],
    ['of short packets', [tunnel, sent(9)], false],
    ['that are none', [tunnel.replace('tunnel', 'direct'), sent(500)], false],
    [
      'beside a service that refuses its clients',
      [tunnel, sent(500), director.replace('2\n', '0\n').replace(/1$/, '0')],
      false,
    ],
  ])('%s', (_, texts, isFound) => {
    expect(summary(...texts).includes('warning ipvs-tunnel-packets-too-long')).toBe(isFound);
  });
});

describe('diagnose() of the synchronization of connections', () => {
  const runs = (master: number, backup: number) => `ipvs_sync_daemon_running{role="master"} ${master}
    ipvs_sync_daemon_running{role="backup"} ${backup}`;
  const state = (name: string, instance = vrrp) => `keepalived_vrrp_state{${instance},state="${name}"} 1`;
  const other = vrrp.replace('"web"', '"mail"');

  it.each([
    ['a master that only receives', [state('master'), runs(0, 1)], true],
    ['a backup that only sends', [state('backup'), runs(1, 0)], true],
    ['a master that sends', [state('master'), runs(1, 0)], false],
    ['a backup that receives', [state('backup'), runs(0, 1)], false],
    ['both threads', [state('master'), runs(1, 1)], false],
    ['none', [state('master'), runs(0, 0)], false],
    ['master of one instance and backup of another', [state('master'), state('backup', other), runs(0, 1)], false],
    ['a fault', [state('fault'), runs(1, 0)], false],
  ])('%s', (_, texts, isFound) => {
    expect(summary(...texts).includes('warning ipvs-sync-one-sided')).toBe(isFound);
  });

  it.each([
    ['a backup that loses messages', [runs(0, 1), 'network_udp_receive_buffer_errors_total 10'], true],
    ['a few', [runs(0, 1), 'network_udp_receive_buffer_errors_total 9'], false],
    ['those of other programs', [runs(1, 0), 'network_udp_receive_buffer_errors_total 1000'], false],
  ])('%s', (_, texts, isFound) => {
    expect(summary(...texts)).toEqual(isFound ? ['warning ipvs-sync-behind'] : []);
  });
});

describe('diagnose() of what kube-proxy sets', () => {
  const kubeProxy = 'lvs_platform_info{kube_proxy="ipvs"} 1';
  const settings = (conntrack: number, nodest: number, template: number) => `${setting('conntrack', conntrack)}
    ${setting('expire_nodest_conn', nodest)}\n${setting('expire_quiescent_template', template)}`;

  it.each([
    ['another value', [kubeProxy, settings(1, 0, 1)], true],
    ['all of them', [kubeProxy, settings(0, 0, 0)], true],
    ['what it sets', [kubeProxy, settings(1, 1, 1)], false],
    ['without kube-proxy', [settings(0, 0, 0)], false],
    ['settings that cannot be read', [kubeProxy], false],
  ])('%s', (_, texts, isFound) => {
    expect(summary(...texts)).toEqual(isFound ? ['warning kube-proxy-settings-changed'] : []);
  });
});

describe('diagnose() of an address that no packet reaches', () => {
  const master = (platform: string, since: number) => `lvs_platform_info{platform="${platform}"} 1
    keepalived_vrrp_state{${vrrp},state="master"} 1\nkeepalived_vrrp_last_transition_timestamp_seconds{${vrrp}} ${since}
    lvs_exporter_collector_last_success_timestamp_seconds{collector="keepalived"} 2000`;
  const bound = (value: number) => `keepalived_vrrp_address_bound{${vrrp},address="10.0.0.100"} ${value}`;
  const packets = (value: number) => `ipvs_virtual_server_incoming_packets_total{${web}} ${value}`;

  it.each([
    ['on OpenStack', [master('openstack', 1000), bound(1), packets(0)], true],
    ['that has had packets', [master('openstack', 1000), bound(1), packets(1)], false],
    ['of a new master', [master('openstack', 1900), bound(1), packets(0)], false],
    ['on metal', [master('metal', 1000), bound(1), packets(0)], false],
    ['that the machine does not have', [master('openstack', 1000), bound(0), packets(0)], false],
    ['without services', [master('openstack', 1000), bound(1)], false],
    ['of a backup', [master('openstack', 1000).replace('"master"', '"backup"'), bound(1), packets(0)], false],
  ])('%s', (_, texts, isFound) => {
    expect(summary(...texts).includes('warning openstack-address-not-reached web 10.0.0.100')).toBe(isFound);
  });
});

describe('diagnose() of a master that is alone', () => {
  const counters = (sent: number, received: number) => `keepalived_vrrp_advertisements_sent_total{${vrrp}} ${sent}
    keepalived_vrrp_advertisements_received_total{${vrrp}} ${received}`;
  const state = (name: string) => `keepalived_vrrp_state{${vrrp},state="${name}"} 1`;

  it.each([
    ['has never heard another', [state('master'), counters(60, 0)], true],
    ['has just begun', [state('master'), counters(59, 0)], false],
    ['has heard another before', [state('master'), counters(600, 1)], false],
    ['is none', [state('backup'), counters(600, 0)], false],
    [
      'refuses another',
      [state('master'), counters(600, 0), `keepalived_vrrp_errors_total{${vrrp},kind="ttl"} 1`],
      false,
    ],
  ])('%s', (_, texts, isFound) => {
    expect(summary(...texts).includes('info keepalived-never-heard-another web')).toBe(isFound);
  });
});

describe('diagnose() of a firewall that drops VRRP', () => {
  const state = (name: string) => `keepalived_vrrp_state{${vrrp},state="${name}"} 1`;
  const drops = (family: string, cast = 'multicast') =>
    `firewall_drops_vrrp_info{chain="filter INPUT",family="${family}",tool="iptables",cast="${cast}"} 1`;
  const peers = (count: number) => `keepalived_vrrp_unicast_peers{${vrrp}} ${count}`;
  const heard = `keepalived_vrrp_advertisements_received_total{${vrrp}} 1`;

  it.each([
    ['on a master', [state('master'), drops('ipv4')], ['critical keepalived-advertisements-blocked web']],
    ['on a backup', [state('backup'), drops('ipv4')], ['warning keepalived-advertisements-blocked web']],
    ['of the other family', [state('master'), drops('ipv6')], []],
    ['of multicast, beside unicast', [state('master'), drops('ipv4'), peers(1)], []],
    ['of unicast, beside multicast', [state('master'), drops('ipv4', 'unicast'), peers(0)], []],
    [
      'of unicast',
      [state('master'), drops('ipv4', 'unicast'), peers(1)],
      ['critical keepalived-advertisements-blocked web'],
    ],
    ['of which something is received', [state('backup'), drops('ipv4'), heard], []],
    ['without a running instance', [state('fault').replace(/1$/, '0'), drops('ipv4')], []],
    ['without keepalived', [drops('ipv4')], []],
  ])('%s', (_, texts, expected) => {
    expect(summary(...texts)).toEqual(expected);
  });

  const firewalld = 'prerequisites_setting_owner_running{owner="firewalld"} 1';
  const dropsToo =
    'firewall_drops_vrrp_info{chain="inet firewalld filter_INPUT",family="ipv4",tool="nft",cast="multicast"} 1';
  const byIptables = 'iptables -t filter -I INPUT 1 -p 112 -j ACCEPT';
  const byFirewalld = `firewall-cmd --add-rich-rule='rule protocol value="vrrp" accept'`;

  it.each([
    ['iptables', [drops('ipv4')], [byIptables]],
    ['iptables, whose chain firewalld does not open', [drops('ipv4'), firewalld], [byIptables]],
    ['firewalld', [dropsToo, firewalld], [byFirewalld]],
    ['both', [drops('ipv4'), dropsToo, firewalld], [byFirewalld, byIptables]],
  ])('is opened with %s', (_, texts, commands) => {
    const [finding] = diagnose(samplesOf(state('master'), ...texts));
    expect(finding?.remedies[0]?.commands).toEqual(commands);
    expect(finding?.remedies[0]?.undo).toHaveLength(commands.length);
  });
});
