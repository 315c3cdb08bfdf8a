import { describe, expect, it } from 'vitest';
import { createIpvs } from '../../../src/collectors/ipvs/ipvs.ts';
import { render } from '../../../src/http/exposition.ts';
import { malformed } from '../../../src/netlink/messages.ts';
import { listSamples } from '../../../src/scrape/columns.ts';
import type { PartialFailure } from '../../../src/scrape/partial-failure.ts';
import { createHost, systemError } from '../../machine.ts';
import { collect, direct, machine, tunnel, virtualServer, web, webDetail } from '../ipvs-machine.ts';

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

/** Two CPUs; the second number of each row is hexadecimal as well. */
const perCpu = `       Total Incoming Outgoing         Incoming         Outgoing
CPU    Conns  Packets  Packets            Bytes            Bytes
  0       40       80        0             2800                0
  1       30       60        0             2100                0
  ~       12       12        0              3F6                0

     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
  ~        0        0        0                0                0
`;

describe('ipvs.collect()', () => {
  it.each([
    ['run_estimation=0', { run_estimation: '0\n', est_cpulist: '0-1\n' }],
    ['an empty est_cpulist', { run_estimation: '1\n', est_cpulist: '\n' }],
  ])('takes the totals from the CPUs where %s freezes the others, and leaves those out', async (_what, settings) => {
    const files = {
      '/proc/sys/net/ipv4/vs/run_estimation': settings.run_estimation,
      '/proc/sys/net/ipv4/vs/est_cpulist': settings.est_cpulist,
      '/proc/net/ip_vs_stats_percpu': perCpu,
    };
    const series = await collect(machine(web, { files, ipvs: webDetail }));
    expect(series.filter((line) => /_(connections|packets|bytes)_total/.test(line) && !line.includes('cpu='))).toEqual([
      'ipvs_connections_total 112',
      'ipvs_incoming_packets_total 224',
      'ipvs_outgoing_packets_total 0',
      'ipvs_incoming_bytes_total 18688',
      'ipvs_outgoing_bytes_total 0',
    ]);
    expect(series).toContain(`ipvs_real_server_persistent_connections{${direct}} 7`);
    const without = await collect(
      machine(web, { files: { '/proc/sys/net/ipv4/vs/run_estimation': '0\n' }, ipvs: webDetail }),
    );
    expect(without.filter((line) => line.includes('_total'))).toEqual([]);
  });

  it.each(['EPERM', 'ENOENT', 'ENOSYS'])('exports what the files have if netlink answers %s', async (code) => {
    const info = `ipvs_virtual_server_info{${virtualServer},scheduler="sh",flags="persistent"} 1`;
    const refused = machine(web, { ipvs: systemError(code, 'refused') });
    expect((await collect(refused)).sort()).toEqual([...fromFiles, info].sort());
  });

  it('adds what netlink has, and leaves the series of the files as they are', async () => {
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

  it('exports the configured limit of the hop upstream', async () => {
    const [known, unknown] = [
      await collect(machine(web), { upstreamConntrackLimit: 262144 }),
      await collect(machine(web)),
    ];
    expect(known.filter((line) => !unknown.includes(line))).toEqual(['ipvs_upstream_conntrack_limit 262144']);
  });

  it('exports the virtual servers of the other rows if it cannot read one, and names its line', async () => {
    const foreign = `QUIC 0A000066:0050 rr  \n  -> 0A00000B:0050 Route 1 0 0\n`;
    const collector = createIpvs({ maxSeries: 9, aggregate: false, upstreamConntrackLimit: undefined });
    const failure = await collector.collect(createHost(machine(`${foreign}${web}`))).catch((error: unknown) => error);
    expect(failure).toMatchObject({ cause: { file: '/proc/net/ip_vs', line: 4 } });
    expect(await render(listSamples((failure as PartialFailure).samples), 'text')).toContain(
      `ipvs_virtual_server_real_servers{${virtualServer}} 2\n`,
    );
  });

  it('exports what the files have if netlink answers nonsense, and fails with what is wrong', async () => {
    const collector = createIpvs({ maxSeries: 9, aggregate: false, upstreamConntrackLimit: undefined });
    const info = `ipvs_virtual_server_info{${virtualServer},scheduler="sh",flags="persistent"} 1`;
    const broken = createHost(machine(web, { ipvs: malformed(7, 'an address has family 77') }));
    const failure = await collector.collect(broken).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: 'Malformed netlink message at byte 7: an address has family 77' });
    const lines = (await render(listSamples((failure as PartialFailure).samples), 'text')).split('\n');
    expect(lines.filter((line) => line !== '' && !line.startsWith('#')).sort()).toEqual([...fromFiles, info].sort());
  });
});
