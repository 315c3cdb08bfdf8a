import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { remedyOf, samplesOf } from './samples.ts';

const readAt = (collector: string, seconds: number) =>
  `lvs_exporter_collector_last_success_timestamp_seconds{collector="${collector}"} ${seconds}`;
const silent = (address: string, gateway = '') =>
  `prerequisites_silent_neighbour_info{address="${address}",interface="eth1",gateway="${gateway}"} 1`;

describe('the default gateway', () => {
  const table = (unreplied: number, entries = 100) => `conntrack_entries ${entries}
    conntrack_entries_limit 262144
    conntrack_table_entries{protocol="tcp",state="SYN_SENT",replied="no",assured="no"} ${unreplied}
    conntrack_source_entries{address="192.0.2.1",zone="0"} ${unreplied}
    conntrack_source_unreplied{address="192.0.2.1",zone="0"} ${unreplied}
    conntrack_source_verdict{address="192.0.2.1",zone="0",verdict="scan"} 1`;
  const find = (...readings: readonly string[]) => diagnose(samplesOf(...readings)).map(({ id }) => id);

  it('that does not answer explains what looks like a scan', () => {
    expect(find(table(30))).toEqual(['conntrack-source-scan']);
    expect(find(table(30), silent('198.51.100.254', 'default'))).toEqual(['neighbour-silent']);
  });

  it('is not to blame for what bypasses this host', () => {
    const destination = 'protocol="tcp",address="203.0.113.9",port="80",zone="0"';
    const bypassing = (unreplied: number) => `conntrack_destination_entries{${destination}} ${unreplied}
      conntrack_destination_unreplied_entries{${destination}} ${unreplied}
      conntrack_destination_verdict{${destination},verdict="direct_return"} 1`;
    const gateway = silent('198.51.100.254', 'default');
    expect(find(table(60), bypassing(30), gateway)).toContain('neighbour-silent');
    expect(find(table(60), bypassing(31), gateway)).not.toContain('neighbour-silent');
  });

  it.each([
    ['few entries are without a reply', table(19, 20), silent('198.51.100.254', 'default')],
    ['most have one', table(29), silent('198.51.100.254', 'default')],
    ['it is another address that does not answer', table(30), silent('198.51.100.253')],
  ])('is not to blame where %s', (_what, ...readings) => {
    expect(find(...readings)).toEqual(['conntrack-source-scan']);
  });
});

describe('a real server', () => {
  const server = (address: string, forward: string) =>
    `protocol="tcp",address="198.51.100.1",port="80",fwmark="",real_address="${address}",real_port="80",forward="${forward}"`;
  interface Rise {
    readonly connections: number;
    readonly packets: number;
    readonly bytes: number;
    readonly back?: number;
  }
  const count = (labels: string, { connections, packets, bytes, back = 0 }: Rise) => `
    ipvs_real_server_connections_total{${labels}} ${connections}
    ipvs_real_server_incoming_packets_total{${labels}} ${packets}
    ipvs_real_server_incoming_bytes_total{${labels}} ${bytes}
    ipvs_real_server_outgoing_packets_total{${labels}} ${back}`;
  const none = { connections: 0, packets: 0, bytes: 0 };

  function find(servers: Readonly<Record<string, Rise>>, ...others: readonly string[]) {
    const all = Object.entries(servers);
    const weights = all.map(([labels]) => `ipvs_real_server_weight{${labels}} 1`);
    const at = (seconds: number, rises: readonly (readonly [string, Rise])[]) =>
      samplesOf(readAt('ipvs', seconds), ...weights, ...others, ...rises.map(([labels, rise]) => count(labels, rise)));
    return diagnose(
      at(1010, all),
      at(
        1000,
        all.map(([labels]) => [labels, none]),
      ),
    ).filter(({ id }) => /^(ipvs-(replies|attempts)|neighbour)/.test(id));
  }

  const [one, other] = ['10.0.0.11', '10.0.0.12'];
  const works = { connections: 20, packets: 120, bytes: 9000, back: 100 };
  const mute = { connections: 20, packets: 57, bytes: 3420 };

  it('that is masqueraded and of which nothing comes back is found, and so is a whole service', () => {
    const [first, second] = [server(one, 'masquerade'), server(other, 'masquerade')];
    expect(find({ [first]: works, [second]: mute })).toMatchObject([
      { id: 'ipvs-replies-missing', subject: { realServer: { address: other } }, details: { servers: [other] } },
    ]);
    const [found, ...more] = find({ [first]: mute, [second]: mute });
    expect(found).toMatchObject({ numbers: { newConnections: 40 }, details: { servers: [one, other] } });
    expect(found?.subject.realServer).toBeUndefined();
    expect(more).toEqual([]);
    expect(remedyOf(found, 'look-at-replies').commands).toEqual([
      `timeout 10 tcpdump -n -e -i any -c 40 'host ${one} and tcp'`,
    ]);
  });

  it('that is masqueraded is not to blame where this host does not forward', () => {
    const masqueraded = { [server(one, 'masquerade')]: mute };
    expect(find(masqueraded, 'network_setting{name="ipv4.ip_forward"} 1')).toHaveLength(1);
    expect(find(masqueraded, 'network_setting{name="ipv4.ip_forward"} 0')).toEqual([]);
  });

  it('at a loopback address keeps its thresholds', () => {
    const labels = server('127.0.0.1', 'masquerade');
    const [found] = find({ [labels]: mute }, `ipvs_real_server_upper_threshold{${labels}} 100`);
    expect(remedyOf(found, 'reach-itself').commands).toEqual([
      'ipvsadm -e -t 198.51.100.1:80 -r 127.0.0.1:80 -g -w 1 -x 100',
    ]);
  });

  it.each([
    ['', 'Set direct routing for it where this virtual server is configured.'],
    ['keepalived_up 1', 'In the virtual_server of keepalived.conf, add: sorry_server_lvs_method DR'],
    [
      `keepalived_up 1\nkeepalived_real_server_up{${server('127.0.0.1', '').replace(',forward=""', '')}} 1`,
      'In its real_server of keepalived.conf, set: lvs_method DR',
    ],
  ])('at a loopback address is kept so by what configures it', (manager, none) => {
    const [found] = find({ [server('127.0.0.1', 'masquerade')]: mute }, manager);
    expect(remedyOf(found, 'reach-itself').persistent).toEqual({ none });
  });

  it('at a loopback address is found by itself, and gets direct routing', () => {
    const [first, own] = [server(one, 'masquerade'), server('127.0.0.1', 'masquerade')];
    const found = find({ [first]: mute, [own]: mute });
    expect(found.map(({ subject }) => subject.realServer?.address)).toEqual([one, '127.0.0.1']);
    expect(remedyOf(found[1], 'reach-itself')).toMatchObject({
      commands: ['ipvsadm -e -t 198.51.100.1:80 -r 127.0.0.1:80 -g -w 1'],
      undo: ['ipvsadm -e -t 198.51.100.1:80 -r 127.0.0.1:80 -m -w 1'],
    });
  });

  it('with direct routing whose clients only repeat their first packet is found', () => {
    const [first, second] = [server(one, 'direct'), server(other, 'direct')];
    const [found, ...more] = find({ [first]: { ...works, back: 0 }, [second]: mute });
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      id: 'ipvs-attempts-repeated',
      subject: { realServer: { address: other } },
      numbers: { packetBytes: 60, returnedPackets: 0 },
    });
    expect(remedyOf(found, 'look-at-virtual-address').commands).toEqual([
      "timeout 10 tcpdump -n -e -i any -c 40 'host 198.51.100.1 and tcp'",
    ]);
  });

  it.each([
    ['a few connections', 'masquerade', { connections: 9, packets: 27, bytes: 1620 }],
    ['a reply', 'masquerade', { ...mute, back: 1 }],
    ['a few connections', 'direct', { connections: 19, packets: 57, bytes: 3420 }],
    ['first packets that are not repeated', 'direct', { connections: 50, packets: 60, bytes: 3600 }],
    ['an ACK', 'direct', { connections: 20, packets: 61, bytes: 3652 }],
    [
      'seven packets of each of its connections, as of a probe',
      'direct',
      { connections: 20, packets: 140, bytes: 8960 },
    ],
    ['packets of one length that is not that of a SYN', 'direct', { connections: 20, packets: 60, bytes: 6000 }],
  ])('with %s is not (%s)', (_what, forward, rise) => {
    expect(find({ [server(one, forward)]: rise })).toEqual([]);
  });

  it.each(['masquerade', 'direct'])('that does not answer ARP is found by that (%s)', (forward) => {
    expect(find({ [server(one, forward)]: mute }, silent(one))).toMatchObject([
      { id: 'neighbour-silent', details: { role: 'real server' }, numbers: { lostPackets: 57 } },
    ]);
    expect(find({ [server(one, forward)]: none }, silent(one))).toEqual([]);
  });

  it('whose replies pass this host is not lost, whatever an entry of ARP has', () => {
    expect(find({ [server(one, 'masquerade')]: { ...mute, back: 1 } }, silent(one))).toEqual([]);
  });
});

describe('packets for other hosts', () => {
  const forwarding = (value: number) => `network_setting{name="ipv4.ip_forward"} ${value}`;
  const interfaceForwards = (name: string, value: number) =>
    `network_interface_setting{interface="${name}",name="forwarding"} ${value}`;
  const translates = 'firewall_nat_target_info{tool="iptables",chain="DOCKER",addresses="172.17.0.2"} 1';
  const own = ['192.0.2.2', '127.0.0.1', 'fd00::1'].map((one) => `prerequisites_own_address_info{address="${one}"} 1`);

  function find(packets: number, ...others: readonly string[]) {
    const at = (seconds: number, count: number) =>
      samplesOf(readAt('network', seconds), `network_misaddressed_packets_total ${count}`, ...own, ...others);
    return diagnose(at(1010, packets), at(1000, 0));
  }

  it('are lost where who translates addresses does not forward', () => {
    const [found] = find(20, forwarding(0), translates);
    expect(found).toMatchObject({ id: 'does-not-forward', severity: 'critical', details: { interfaces: [] } });
    expect(remedyOf(found, 'forward-packets').commands).toEqual(['sysctl -w net.ipv4.ip_forward=1']);
  });

  it.each([
    ['192.168.0.1', ['does-not-forward']],
    ['fd00::5', []],
    ['127.0.0.1', []],
    ['192.0.2.2', []],
  ])('matter to the replies of the masqueraded real server %s: %j', (address, expected) => {
    const server = `ipvs_real_server_weight{real_address="${address}",forward="masquerade"} 1`;
    expect(find(0, forwarding(0), server).map(({ id }) => id)).toEqual(expected);
  });

  it('are lost, perhaps on purpose, where one interface does not forward', () => {
    const interfaces = [interfaceForwards('eth0', 1), interfaceForwards('eth1.5', 0)];
    expect(find(20, forwarding(1), ...interfaces)).toEqual([]);
    const [found] = find(20, forwarding(1), ...interfaces, translates);
    const details = { interfaces: ['eth1.5'], isDirector: false };
    expect(found).toMatchObject({ id: 'does-not-forward', severity: 'warning', details });
    const server = 'ipvs_real_server_weight{real_address="192.168.0.1",forward="masquerade"} 1';
    expect(find(20, forwarding(1), ...interfaces, server)).toMatchObject([{ details }]);
    expect(remedyOf(found, 'forward-packets').commands).toEqual(['sysctl -w net/ipv4/conf/eth1.5/forwarding=1']);
  });

  it('are shown elsewhere, and forwarding stays off', () => {
    const [found, ...others] = find(20, forwarding(0));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ id: 'misaddressed-packets', severity: 'warning', numbers: { lostPerSecond: 2 } });
    expect(found?.remedies).toHaveLength(1);
    expect(remedyOf(found, 'look-at-misaddressed').commands).toEqual([
      "timeout 10 tcpdump -n -e -Q in -i any -c 40 'ip and not ip multicast and not ip broadcast and not dst host 192.0.2.2'",
    ]);
  });

  it('are nothing to speak of if they are few, or if this host forwards', () => {
    expect(find(19, forwarding(0), translates)).toEqual([]);
    expect(find(20, forwarding(1), interfaceForwards('eth0', 1), translates)).toEqual([]);
  });
});
