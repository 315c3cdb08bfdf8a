import { describe, expect, it } from 'vitest';
import { network } from '../../../src/collectors/network/network.ts';
import { UnreadableFileError } from '../../../src/host/regular-file.ts';
import { render } from '../../../src/http/exposition.ts';
import { PartialFailure } from '../../../src/scrape/partial-failure.ts';
import { createHost, type Machine } from '../../machine.ts';

const route = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask
eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF
eth0.7\t00000000\t0100000A\t0003\t0\t0\t0\t00000000
*\t006433C6\t00000000\t0201\t0\t0\t0\t00FFFFFF
`;
const udpHeader =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n';
const settings = (device: string, ...values: readonly number[]) => {
  const names = ['rp_filter', 'arp_ignore', 'arp_announce', 'send_redirects'];
  return Object.fromEntries(
    names.map((name, index) => [`/proc/sys/net/ipv4/conf/${device}/${name}`, `${values[index]}\n`]),
  );
};
const realServer: Machine = {
  files: {
    '/proc/net/route': route,
    '/proc/net/netstat':
      'TcpExt: IPReversePathFilter ListenOverflows SyncookiesSent SyncookiesRecv TCPTimeWaitOverflow\nTcpExt: 17 3 8 5 6\n',
    '/proc/net/snmp':
      'Ip: FragFails\nIp: 20\nIcmp: OutMsgs OutDestUnreachs\nIcmp: 9 4\nUdp: InDatagrams RcvbufErrors SndbufErrors\nUdp: 7 2 1\n',
    '/proc/net/snmp6': 'Ip6FragFails \t1\nUdp6InDatagrams \t30\nUdp6RcvbufErrors \t40\n',
    '/proc/net/sockstat': 'TCP: inuse 5 orphan 0 tw 77 alloc 8 mem 1\n',
    '/proc/net/softnet_stat': '000000a1 0000000a 00000001\n0000ffff 00000006 00000000\n',
    '/proc/net/stat/arp_cache': 'entries  allocs table_fulls\n00000100 00000001 00000002\n00000100 00000001 00000001\n',
    '/proc/net/udp': `${udpHeader}  9: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 1 2 00000000 12\n`,
    '/proc/net/udp6': `${udpHeader}  9: 00000000000000000000000000000000:0035 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 1 2 00000000 3\n`,
    '/proc/sys/net/core/netdev_max_backlog': '1000\n',
    '/proc/sys/net/core/rmem_max': '212992\n',
    '/proc/sys/net/ipv4/tcp_max_tw_buckets': '131072\n',
    '/proc/sys/net/ipv4/neigh/default/gc_thresh3': '1024\n',
    '/proc/sys/net/ipv4/ip_forward': '1\n',
    '/proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
    '/proc/sys/net/ipv4/tcp_keepalive_time': '7200\n',
    ...settings('all', 0, 1, 2, 1),
    ...settings('eth0', 1, 0, 0, 1),
    ...settings('lo', 0, 0, 0, 0),
  },
  addresses: [
    { interface: 'lo', address: '127.0.0.1' },
    { interface: 'lo', address: '10.0.0.100' },
    { interface: 'lo', address: '10.0.1.100' },
    { interface: 'lo', address: 'fd00::100' },
    { interface: 'dummy0', address: '10.0.0.101' },
    { interface: 'eth0', address: '10.0.0.11' },
  ],
};

async function collect(machine: Machine): Promise<string[]> {
  const text = await render(await network.collect(createHost(machine)), 'text');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('network.collect()', () => {
  it('exports the settings of routed interfaces, and addresses that another host could ask for', async () => {
    expect(await collect(realServer)).toEqual([
      'network_setting{name="ipv4.ip_forward"} 1',
      'network_setting{name="ipv4.tcp_keepalive_time"} 7200',
      'network_setting{name="core.rmem_max"} 212992',
      'network_interface_setting{interface="all",name="rp_filter"} 0',
      'network_interface_setting{interface="all",name="arp_ignore"} 1',
      'network_interface_setting{interface="all",name="arp_announce"} 2',
      'network_interface_setting{interface="all",name="send_redirects"} 1',
      'network_interface_setting{interface="eth0",name="rp_filter"} 1',
      'network_interface_setting{interface="eth0",name="arp_ignore"} 0',
      'network_interface_setting{interface="eth0",name="arp_announce"} 0',
      'network_interface_setting{interface="eth0",name="send_redirects"} 1',
      'network_reverse_path_filtered_total 17',
      'network_icmp_unreachable_sent_total 4',
      'network_listen_overflows_total 3',
      'network_syn_cookies_sent_total 8',
      'network_syn_cookies_received_total 5',
      'network_local_port{bound="first"} 32768',
      'network_local_port{bound="last"} 60999',
      'network_hidden_address_info{address="10.0.0.100",interface="eth0"} 1',
      'network_hidden_address_info{address="10.0.1.100",interface="eth0.7"} 1',
      'network_hidden_address_info{address="10.0.0.101",interface="eth0"} 1',
      'network_udp_receive_buffer_errors_total 42',
      'network_udp_received_total 37',
      'network_packets_too_long_total 21',
      'network_limit_exceeded_total{limit="udp_send_queue"} 1',
      'network_limit_exceeded_total{limit="time_wait"} 6',
      'network_limit_exceeded_total{limit="receive_queue"} 16',
      'network_limit_exceeded_total{limit="neighbours_ipv4"} 3',
      'network_limit_used{limit="time_wait"} 77',
      'network_limit_used{limit="neighbours_ipv4"} 256',
      'network_limit{limit="time_wait"} 131072',
      'network_limit{limit="receive_queue"} 1000',
      'network_limit{limit="neighbours_ipv4"} 1024',
      'lvs_exporter_series_limited{collector="network"} 0',
    ]);
  });

  it('exports the settings of 1,000 interfaces at most, that of the default route among them', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `veth${index}`);
    const rows = names.map((name, index) => {
      const destination = `00${index.toString(16).padStart(4, '0')}0A`;
      return `${name}\t${destination}\t00000000\t0001\t0\t0\t0\t00FFFFFF\n`;
    });
    const uplink = 'uplink\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\n';
    const [header = ''] = route.split(/(?<=\n)/, 1);
    const files = { ...realServer.files, '/proc/net/route': [header, ...rows, uplink].join('') };
    for (const name of ['uplink', ...names]) Object.assign(files, settings(name, 0, 0, 0, 1));
    const asked: string[] = [];
    const host = createHost({ ...realServer, files });
    const readFile = (path: string) => {
      asked.push(path);
      return host.readFile(path);
    };
    const samples = await network.collect({ ...host, readFile });
    const lines = (await render(samples, 'text')).split('\n');
    expect(lines.filter((line) => line.startsWith('network_interface_setting{'))).toHaveLength(4 * 1001);
    expect(lines).toContain('network_interface_setting{interface="uplink",name="send_redirects"} 1');
    expect(lines.filter((line) => line.startsWith('lvs_exporter_series'))).toEqual([
      'lvs_exporter_series_limited{collector="network"} 45005',
    ]);
    expect(asked.length).toBeLessThan(5 * 1001 + 100);
  });

  const hiddenOn = async (machine: Partial<Machine>) =>
    (await collect({ ...realServer, ...machine })).filter((line) => line.startsWith('network_hidden_address_info'));
  const running = (...names: string[]): Partial<Machine> => ({
    files: {
      ...realServer.files,
      ...Object.fromEntries(names.map((name, index) => [`/proc/${index + 7}/comm`, name])),
    },
  });

  it.each([['bird'], ['bgpd'], ['exabgp'], ['gobgpd']])(
    'leaves addresses to routers where %s announces them',
    async (name) => {
      expect(await hiddenOn(running('sshd', `${name}\n`))).toEqual([]);
    },
  );

  it('treats the BIRD of Calico as one that announces pods only', async () => {
    expect(await hiddenOn(running('bird\n', 'calico-node\n'))).toHaveLength(3);
    expect(await hiddenOn(running('bird\n', 'calico-node\n', 'exabgp\n'))).toEqual([]);
  });

  it('leaves out link-local addresses, which no router asks for', async () => {
    const files = {
      ...realServer.files,
      '/proc/net/route': `${realServer.files?.['/proc/net/route']}eth0 00000000 0100000A 0003 0 0 0 00000000 0 0 0\n`,
    };
    const at = (address: string) => hiddenOn({ files, addresses: [{ interface: 'lo', address }] });
    expect(await at('169.254.169.254')).toEqual([]);
    expect(await at('203.0.113.9')).toHaveLength(1);
  });

  const portsOf = async (files: Machine['files']) =>
    (await network.collect(createHost({ ...realServer, files: { ...realServer.files, ...files } })))
      .filter(({ metric }) => metric.name === 'network_udp_port_drops')
      .map(({ labels: { port }, value, isLocal }) => ({ port, value, isLocal }));

  it('keeps the ports of UDP sockets to diagnose, of both families together', async () => {
    expect(await portsOf({})).toEqual([{ port: '53', value: 15, isLocal: true }]);
  });

  it('leaves out a table of sockets that is odd, and nothing else', async () => {
    expect(await portsOf({ '/proc/net/udp': 'what\n' })).toEqual([{ port: '53', value: 3, isLocal: true }]);
  });

  it('asks on the interface of the longest prefix, and never on one of a route that refuses packets', async () => {
    const rows = ['* 0000000A 00000000 0201 0 0 0 0000FFFF 0 0 0', 'eth0 0000000A 00000000 0001 0 0 0 000000FF 0 0 0'];
    const longest = 'eth1 0001000A 00000000 0001 0 0 0 00FFFFFF 0 0 0';
    const files = { ...realServer.files, '/proc/net/route': `Iface\n${[...rows, longest, ''].join('\n')}` };
    expect(await hiddenOn({ files })).toEqual([
      'network_hidden_address_info{address="10.0.0.100",interface="eth0"} 1',
      'network_hidden_address_info{address="10.0.1.100",interface="eth1"} 1',
      'network_hidden_address_info{address="10.0.0.101",interface="eth0"} 1',
    ]);
  });

  it('goes on without a table of routes that is too long', async () => {
    const tooLong = new UnreadableFileError('EFBIG', '/proc/net/route', 'file is larger than 33554432 bytes');
    const failure = await network
      .collect(createHost({ ...realServer, files: { ...realServer.files, '/proc/net/route': tooLong } }))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PartialFailure);
    const { samples, message } = failure as PartialFailure;
    const exported = await render(samples, 'text');
    expect(message).toContain('file is larger');
    expect(new Set(exported.match(/(?<=interface=")[^"]*/g))).toEqual(new Set(['all']));
    expect(exported).toContain('\nnetwork_listen_overflows_total 3\n');
  });

  it('leaves out what a recording or a kernel does not have', async () => {
    expect(await collect({ files: { '/proc/net/route': '' } })).toEqual([
      'lvs_exporter_series_limited{collector="network"} 0',
    ]);
  });
});
