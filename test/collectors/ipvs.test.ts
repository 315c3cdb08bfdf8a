import { describe, expect, it } from 'vitest';
import { createIpvs, type IpvsOptions } from '../../src/collectors/ipvs.ts';
import { render } from '../../src/exposition.ts';
import type { DetailedService, IpvsDetail } from '../../src/netlink/ipvs.ts';
import type { IpvsDestination } from '../../src/netlink/ipvs-destination.ts';
import { createHost, type Machine, systemError } from '../machine.ts';

const title = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
`;
const web = `TCP  0A000065:0050 sh  persistent 30000 FFFFFFFF
  -> 0A00000B:0050      Route   3      2          5
  -> 0A00000C:0050      Tunnel  1      1          0
`;
const stats = `   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
      12       12        0              3F6                0

 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
       0        0        0                0                0
`;

const machine = (table: string, rest: Machine = {}): Machine => ({
  ...rest,
  files: { '/proc/net/ip_vs': `${title}${table}`, '/proc/net/ip_vs_stats': stats, ...rest.files },
});

const traffic = (connections: number) => {
  return { connections, incomingPackets: 2, outgoingPackets: 3, incomingBytes: 2 ** 40, outgoingBytes: 5 };
};
const destination = (address: string, rest: Partial<IpvsDestination> = {}): IpvsDestination => ({
  ...{ family: 'ipv4', address, port: '80', forward: 'direct', weight: 1, upperThreshold: 0, lowerThreshold: 0 },
  ...{ activeConnections: 0, inactiveConnections: 0, persistentConnections: 7, traffic: traffic(1) },
  ...rest,
});
const service = (rest: Partial<DetailedService>): DetailedService => ({
  ...{ family: 'ipv4', protocol: 'tcp', address: '10.0.0.101', port: '80', fwmark: '', scheduler: 'sh', flags: 2 },
  ...{ netmask: '255.255.255.255', traffic: traffic(9), realServers: [] },
  ...rest,
});
const detail = (...services: DetailedService[]): IpvsDetail => ({
  timeouts: { tcpSeconds: 900, tcpFinSeconds: 120, udpSeconds: 300 },
  daemons: [{ role: 'backup', interface: 'eth1', syncId: 7 }],
  services,
});
const webDetail = detail(
  service({
    ...{ flags: 0x1b, persistenceSeconds: 300 },
    realServers: [
      destination('10.0.0.11', { upperThreshold: 1000, lowerThreshold: 500 }),
      destination('10.0.0.12', { forward: 'tunnel', tunnel: { type: 'gue', port: '6080' } }),
    ],
  }),
);

async function collect(one: Machine, options: Partial<IpvsOptions> = {}): Promise<string[]> {
  const collector = createIpvs({ mostSeries: 1000, aggregate: false, upstreamConntrackLimit: undefined, ...options });
  const text = await render(await collector.collect(createHost(one)), 'text');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const virtualServer = 'protocol="tcp",address="10.0.0.101",port="80",fwmark=""';
const direct = `${virtualServer},real_address="10.0.0.11",real_port="80",forward="direct"`;
const tunnel = `${virtualServer},real_address="10.0.0.12",real_port="80",forward="tunnel"`;

const fromFiles = [
  'ipvs_info{version="1.2.1"} 1',
  'ipvs_connection_table_buckets 4096',
  'ipvs_connections_total 18',
  'ipvs_incoming_packets_total 18',
  'ipvs_outgoing_packets_total 0',
  'ipvs_incoming_bytes_total 1014',
  'ipvs_outgoing_bytes_total 0',
  `ipvs_virtual_server_real_servers{${virtualServer}} 2`,
  `ipvs_virtual_server_weight{${virtualServer}} 4`,
  `ipvs_real_server_weight{${direct}} 3`,
  `ipvs_real_server_weight{${tunnel}} 1`,
  `ipvs_real_server_active_connections{${direct}} 2`,
  `ipvs_real_server_active_connections{${tunnel}} 1`,
  `ipvs_real_server_inactive_connections{${direct}} 5`,
  `ipvs_real_server_inactive_connections{${tunnel}} 0`,
  'lvs_exporter_series_limited{collector="ipvs"} 0',
  'lvs_exporter_source_info{collector="ipvs",source="procfs"} 1',
];
const counters = (prefix: string, labels: string, connections: number) => [
  `${prefix}_connections_total{${labels}} ${connections}`,
  `${prefix}_incoming_packets_total{${labels}} 2`,
  `${prefix}_outgoing_packets_total{${labels}} 3`,
  `${prefix}_incoming_bytes_total{${labels}} 1099511627776`,
  `${prefix}_outgoing_bytes_total{${labels}} 5`,
];

describe('ipvs.collect()', () => {
  it.each(['EPERM', 'ENOENT', 'ENOSYS'])('gives what the files tell where netlink answers %s', async (code) => {
    const info = `ipvs_virtual_server_info{${virtualServer},scheduler="sh",flags="persistent"} 1`;
    const refused = machine(web, { ipvs: systemError(code, 'refused') });
    expect((await collect(refused)).sort()).toEqual([...fromFiles, info].sort());
  });

  it('adds what netlink tells, and leaves the series of the files as they are', async () => {
    const flags = 'scheduler="sh",flags="persistent,sh-fallback,sh-port",persistence_seconds="300"';
    expect((await collect(machine(web, { ipvs: webDetail }))).sort()).toEqual(
      [
        ...fromFiles,
        'lvs_exporter_source_info{collector="ipvs",source="netlink"} 1',
        `ipvs_virtual_server_info{${virtualServer},${flags}} 1`,
        ...counters('ipvs_virtual_server', virtualServer, 9),
        ...counters('ipvs_real_server', direct, 1),
        ...counters('ipvs_real_server', tunnel, 1),
        `ipvs_real_server_persistent_connections{${direct}} 7`,
        `ipvs_real_server_persistent_connections{${tunnel}} 7`,
        `ipvs_real_server_upper_threshold{${direct}} 1000`,
        `ipvs_real_server_lower_threshold{${direct}} 500`,
        `ipvs_real_server_tunnel_info{${tunnel},tunnel_type="gue",tunnel_port="6080"} 1`,
        'ipvs_timeout_seconds{protocol="tcp",state="established"} 900',
        'ipvs_timeout_seconds{protocol="tcp",state="fin_wait"} 120',
        'ipvs_timeout_seconds{protocol="udp",state=""} 300',
        'ipvs_sync_daemon_running{role="master"} 0',
        'ipvs_sync_daemon_running{role="backup"} 1',
        'ipvs_sync_daemon_info{role="backup",interface="eth1",sync_id="7"} 1',
      ].sort(),
    );
  });

  it('passes the limit of the hop before it on, if it is told one', async () => {
    const [told, untold] = [
      await collect(machine(web), { upstreamConntrackLimit: 262144 }),
      await collect(machine(web)),
    ];
    expect(told.filter((line) => !untold.includes(line))).toEqual(['ipvs_upstream_conntrack_limit 262144']);
  });

  it('fails where netlink answers nonsense', async () => {
    const broken = machine(web, { ipvs: new SyntaxError('Malformed netlink message at byte 0') });
    await expect(collect(broken)).rejects.toThrow('Malformed netlink message at byte 0');
  });

  it('gives every number of net.ipv4.vs, and two names to a pair', async () => {
    const directory = '/proc/sys/net/ipv4/vs';
    const files = {
      [`${directory}/conntrack`]: '0\n',
      [`${directory}/est_nice`]: '-10\n',
      [`${directory}/est_cpulist`]: '1\n',
      [`${directory}/sync_threshold`]: '3\t50\n',
    };
    const lines = await collect(machine('', { files }));
    expect(lines.filter((line) => line.startsWith('ipvs_setting'))).toEqual([
      'ipvs_setting{name="conntrack"} 0',
      'ipvs_setting{name="est_nice"} -10',
      'ipvs_setting{name="sync_threshold"} 3',
      'ipvs_setting{name="sync_threshold_period"} 50',
    ]);
  });
});

describe('ipvs.collect() of servers that come and go between its two readings', () => {
  const families = (lines: readonly string[]) =>
    lines.filter((line) => line.startsWith('ipvs_') && /server/.test(line)).sort();

  it('leaves out the counters of what only the file has', async () => {
    const alone = await collect(machine(web));
    const gone = await collect(machine(web, { ipvs: detail() }));
    expect(families(gone)).toEqual(families(alone));
  });

  it('leaves out what only netlink has', async () => {
    const added = detail(...webDetail.services, service({ port: '81', realServers: [destination('10.0.0.19')] }));
    expect(await collect(machine(web, { ipvs: added }))).toEqual(await collect(machine(web, { ipvs: webDetail })));
  });

  it('takes a row that comes twice as one', async () => {
    expect(await collect(machine(`${web}${web}`))).toEqual(await collect(machine(web)));
  });
});

describe('ipvs.collect() of firewall-mark services', () => {
  const v4 = 'FWM  00000064 wlc \n  -> 0A00000B:0000      Route   1      0          0\n';
  const v6 = 'FWM  00000064 rr \n  -> [fd00:0010:0000:0000:0000:0000:0000:0011]:0000 Route 2 0 0\n';
  const both = detail(
    service({ family: 'ipv6', protocol: '', address: '', port: '', fwmark: '100', traffic: traffic(6) }),
    service({ family: 'ipv4', protocol: '', address: '', port: '', fwmark: '100', traffic: traffic(4) }),
  );
  const of = (metric: string, lines: readonly string[]) => lines.filter((line) => line.startsWith(`${metric}{`));
  const mark = 'protocol="",address="",port="",fwmark="100"';

  it.each([undefined, both])('keeps the IPv4 and the IPv6 one with the same mark apart', async (ipvs) => {
    const lines = await collect(machine(`${v6}${v4}`, ipvs && { ipvs }));
    expect(of('ipvs_virtual_server_weight', lines)).toEqual([
      `ipvs_virtual_server_weight{${mark},family="ipv6"} 2`,
      `ipvs_virtual_server_weight{${mark},family="ipv4"} 1`,
    ]);
    const counted = ipvs ? [`{${mark},family="ipv6"} 6`, `{${mark},family="ipv4"} 4`] : [];
    expect(of('ipvs_virtual_server_connections_total', lines)).toEqual(
      counted.map((series) => `ipvs_virtual_server_connections_total${series}`),
    );
  });

  it('learns the family of an empty one over netlink, and otherwise leaves it out', async () => {
    const empty = 'FWM  00000064 wlc \n';
    const [, only] = both.services;
    const known = await collect(machine(empty, only && { ipvs: detail(only) }));
    expect(of('ipvs_virtual_server_weight', known)).toEqual([`ipvs_virtual_server_weight{${mark},family="ipv4"} 0`]);
    expect(of('ipvs_virtual_server_weight', await collect(machine(empty)))).toEqual([
      `ipvs_virtual_server_weight{${mark}} 0`,
    ]);
  });
});

describe('ipvs.collect() and the number of its series', () => {
  const all = (forward: string) => `${virtualServer},real_address="all",real_port="all",forward="${forward}"`;
  const second = '  -> 0A00000D:0050      Route   4      10         20\n';
  const reals = (lines: readonly string[]) => lines.filter((line) => line.startsWith('ipvs_real_server')).sort();
  const summed = [
    `ipvs_real_server_active_connections{${all('direct')}} 12`,
    `ipvs_real_server_active_connections{${all('tunnel')}} 1`,
    `ipvs_real_server_inactive_connections{${all('direct')}} 25`,
    `ipvs_real_server_inactive_connections{${all('tunnel')}} 0`,
    `ipvs_real_server_weight{${all('direct')}} 7`,
    `ipvs_real_server_weight{${all('tunnel')}} 1`,
  ];

  it('adds the real servers of a virtual server up beyond the limit, and says how many series that holds back', async () => {
    const lines = await collect(machine(`${web}${second}`), { mostSeries: 8 });
    expect(reals(lines)).toEqual(summed);
    expect(lines).toContain('lvs_exporter_series_limited{collector="ipvs"} 3');
    expect(lines).toContain(`ipvs_virtual_server_real_servers{${virtualServer}} 3`);
  });

  it('tells them one by one up to the limit', async () => {
    const lines = await collect(machine(`${web}${second}`), { mostSeries: 9 });
    expect(reals(lines).length).toBe(9);
    expect(lines).toContain('lvs_exporter_series_limited{collector="ipvs"} 0');
  });

  it('adds them up on request, which is no limit', async () => {
    const lines = await collect(machine(`${web}${second}`), { aggregate: true });
    expect(reals(lines)).toEqual(summed);
    expect(lines).toContain('lvs_exporter_series_limited{collector="ipvs"} 0');
  });

  it('adds up no counters, of which a sum falls when a real server goes', async () => {
    const lines = await collect(machine(web, { ipvs: webDetail }), { aggregate: true });
    expect(reals(lines).map((line) => line.split('{')[0])).toEqual([
      ...['ipvs_real_server_active_connections', 'ipvs_real_server_active_connections'],
      ...['ipvs_real_server_inactive_connections', 'ipvs_real_server_inactive_connections'],
      ...['ipvs_real_server_persistent_connections', 'ipvs_real_server_persistent_connections'],
      ...['ipvs_real_server_weight', 'ipvs_real_server_weight'],
    ]);
  });
});
