import { describe, expect, it } from 'vitest';
import { createConntrackTable } from '../../../src/collectors/conntrack-table/conntrack-table.ts';
import { collectInNamespace } from '../../../src/collectors/namespaced.ts';
import { render } from '../../../src/http/exposition.ts';
import { createChangingHost, createHost, type Machine, systemError } from '../../machine.ts';

const options = { fullScanMaxEntries: 1000, sampleEntries: 200, destinations: 2, sources: false };
const settings = '/proc/sys/net/netfilter';

/** A SYN that nothing answered, `age` seconds ago. */
function oneWay(client: number, address: string, age: number): string {
  const host = `10.1.${client >> 8}.${client & 255}`;
  return `ipv4 2 tcp 6 ${119 - age} SYN_SENT src=${host} dst=${address} sport=${1024 + client} dport=80 [UNREPLIED] src=${address} dst=${host} sport=80 dport=${1024 + client} mark=0 zone=4097 use=2\n`;
}

function established(client: number, address: string): string {
  const host = `10.2.0.${client}`;
  return `ipv4 2 tcp 6 431999 ESTABLISHED src=${host} dst=${address} sport=5000 dport=443 src=${address} dst=${host} sport=443 dport=5000 [ASSURED] mark=0 use=2\n`;
}

function stat(invalid: number): string {
  return `entries clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error search_restart\n0 0 0 0 ${invalid.toString(16)} 0 0 0 0 0 0 0 0 0\n`;
}

/** 480 one-way flows of the last two minutes to the VIP, 4 per second, and 13 others; 7 more that expired. */
const inOrder = [
  ...Array.from({ length: 480 }, (_, n) => oneWay(n, '10.0.0.100', Math.floor(n / 4))),
  ...Array.from({ length: 10 }, (_, n) => established(n, '10.0.0.30')),
  ...Array.from({ length: 3 }, (_, n) => established(n, '10.0.0.31')),
];
/** Mixed, as a hash table has them. */
const flows = inOrder.map((_, n) => inOrder[(n * 211) % inOrder.length] ?? '');

function machine(rest: Partial<Machine> & { count?: number; invalid?: number } = {}): Machine {
  const { count = flows.length + 7, invalid = 0, ...more } = rest;
  return {
    files: {
      [`${settings}/nf_conntrack_count`]: `${count}\n`,
      [`${settings}/nf_conntrack_max`]: '1000\n',
      [`${settings}/nf_conntrack_tcp_timeout_syn_sent`]: '120\n',
      [`${settings}/nf_conntrack_tcp_timeout_established`]: '432000\n',
      '/proc/net/stat/nf_conntrack': stat(invalid),
    },
    flows: flows.join(''),
    ...more,
  };
}

/** The lines of a collector's samples that differ from 0 or match. */
async function lines(samples: Parameters<typeof render>[0], pattern: RegExp): Promise<string[]> {
  const text = await render(samples, 'text');
  return text.split('\n').filter((line) => pattern.test(line) && !line.startsWith('#'));
}

describe('createConntrackTable()', () => {
  it('counts the table: who fills it, how fast, and where it settles', async () => {
    const samples = await createConntrackTable(options).collect(createHost(machine()));
    expect(await lines(samples, /^(?!conntrack_table_entries.* 0$|conntrack_scan_(duration|timestamp))/)).toEqual([
      'lvs_exporter_source_info{collector="conntrack-table",source="netlink"} 1',
      '',
      'conntrack_table_entries{protocol="tcp",state="SYN_SENT",replied="no",assured="no"} 480',
      'conntrack_table_entries{protocol="tcp",state="ESTABLISHED",replied="yes",assured="yes"} 13',
      '',
      'conntrack_destination_entries{protocol="tcp",address="10.0.0.100",port="80",zone="4097"} 480',
      'conntrack_destination_entries{protocol="tcp",address="10.0.0.30",port="443",zone="0"} 10',
      'conntrack_destination_entries{protocol="",address="other",port="",zone=""} 3',
      '',
      'conntrack_destination_unreplied_entries{protocol="tcp",address="10.0.0.100",port="80",zone="4097"} 480',
      'conntrack_destination_unreplied_entries{protocol="tcp",address="10.0.0.30",port="443",zone="0"} 0',
      'conntrack_destination_unreplied_entries{protocol="",address="other",port="",zone=""} 0',
      '',
      'conntrack_destination_arrivals_per_second{protocol="tcp",address="10.0.0.100",port="80",zone="4097"} 4',
      'conntrack_destination_arrivals_per_second{protocol="tcp",address="10.0.0.30",port="443",zone="0"} 0',
      '',
      'conntrack_destination_translated_entries{protocol="tcp",address="10.0.0.100",port="80",zone="4097"} 0',
      'conntrack_destination_translated_entries{protocol="tcp",address="10.0.0.30",port="443",zone="0"} 0',
      '',
      'conntrack_destination_idle_entries{protocol="tcp",address="10.0.0.100",port="80",zone="4097"} 0',
      'conntrack_destination_idle_entries{protocol="tcp",address="10.0.0.30",port="443",zone="0"} 0',
      '',
      'conntrack_destination_state_entries{protocol="tcp",address="10.0.0.100",port="80",zone="4097",state="SYN_SENT"} 480',
      'conntrack_destination_state_entries{protocol="tcp",address="10.0.0.30",port="443",zone="0",state="ESTABLISHED"} 10',
      '',
      'conntrack_zone_entries{zone="4097"} 480',
      'conntrack_zone_entries{zone="0"} 13',
      'conntrack_zone_entries{zone="other"} 0',
      '',
      'conntrack_zone_unreplied_entries{zone="4097"} 480',
      'conntrack_zone_unreplied_entries{zone="0"} 0',
      'conntrack_zone_unreplied_entries{zone="other"} 0',
      '',
      'conntrack_zone_arrivals_per_second{zone="4097"} 4',
      'conntrack_zone_arrivals_per_second{zone="0"} 0',
      '',
      'conntrack_expired_entries 7',
      '',
      'conntrack_largest_holder_entries{kind="destination",protocol="tcp",address="10.0.0.100",port="80",zone="4097",state="",device="",vm="",project=""} 480',
      '',
      'conntrack_scan_entries 493',
      '',
      'conntrack_scan_sampled_ratio 1',
      '',
      'conntrack_scan_error_ratio 0',
      '',
      '',
      '',
      'conntrack_arrivals_per_second{protocol="tcp",replied="no"} 4',
      'conntrack_arrivals_per_second{protocol="tcp",replied="yes"} 0',
      'conntrack_arrivals_per_second{protocol="udp",replied="no"} 0',
      'conntrack_arrivals_per_second{protocol="udp",replied="yes"} 0',
      '',
      'conntrack_equilibrium_entries 553',
      '',
      'conntrack_full_in_seconds +Inf',
      '',
      'conntrack_destination_verdict{protocol="tcp",address="10.0.0.100",port="80",zone="4097",verdict="direct_return"} 0',
      'conntrack_destination_verdict{protocol="tcp",address="10.0.0.100",port="80",zone="4097",verdict="syn_flood"} 0',
      'conntrack_destination_verdict{protocol="tcp",address="10.0.0.100",port="80",zone="4097",verdict="answered_syn_flood"} 0',
      'conntrack_destination_verdict{protocol="tcp",address="10.0.0.100",port="80",zone="4097",verdict="unanswered"} 0',
      'conntrack_destination_verdict{protocol="tcp",address="10.0.0.100",port="80",zone="4097",verdict="unanswered_nat"} 0',
      'conntrack_destination_verdict{protocol="tcp",address="10.0.0.100",port="80",zone="4097",verdict="dead_connections"} 0',
      'conntrack_destination_verdict{protocol="tcp",address="10.0.0.100",port="80",zone="4097",verdict="two_way"} 0',
      '',
    ]);
  });

  it('exports no address of a client by itself, and has those of the largest sources for this machine', async () => {
    const samples = await createConntrackTable(options).collect(createHost(machine()));
    expect(await lines(samples, /10\.[12]\.|conntrack_source/)).toEqual([]);
    const local = samples.filter(({ isLocal }) => isLocal === true);
    expect(local.map(({ metric, labels, value }) => [metric.name, labels.address, labels.zone, value])).toContainEqual([
      'conntrack_source_entries',
      '10.2.0.1',
      '0',
      2,
    ]);
  });

  it('exports the largest sources if configured', async () => {
    const scan = Array.from({ length: 300 }, (_, n) => oneWay(0, `198.51.100.${n % 250}`, n % 100)).join('');
    const collector = createConntrackTable({ ...options, sources: true });
    const samples = await collector.collect(createHost(machine({ flows: flows.join('') + scan })));
    const [entries, destinations] = await lines(samples, /_source_(entries|destinations)\{address="10.1.0.0"/);
    expect(entries).toBe('conntrack_source_entries{address="10.1.0.0",zone="4097"} 301');
    expect(Number(destinations?.split(' ')[1])).toBeGreaterThan(150);
    expect(await lines(samples, /largest_holder/)).toEqual([
      'conntrack_largest_holder_entries{kind="destination",protocol="tcp",address="10.0.0.100",port="80",zone="4097",state="",device="",vm="",project=""} 480',
    ]);
  });

  it('names a source that scans as the largest holder, by port and zone, and by address only if configured', async () => {
    const scan = Array.from({ length: 900 }, (_, n) => oneWay(0, `198.51.${100 + (n >> 8)}.${n & 255}`, n % 100)).join(
      '',
    );
    const labels = async (sources: boolean) => {
      const collector = createConntrackTable({ ...options, sources });
      const samples = await collector.collect(createHost(machine({ flows: scan, count: 900 })));
      return samples.find(({ metric }) => metric.name === 'conntrack_largest_holder_entries')?.labels;
    };
    expect(await labels(false)).toMatchObject({
      kind: 'source',
      address: '',
      protocol: 'tcp',
      port: '80',
      zone: '4097',
    });
    expect(await labels(true)).toMatchObject({ kind: 'source', address: '10.1.0.0' });
  });

  it('exports scans by zone, and their sources only to this machine', async () => {
    const scan = Array.from({ length: 900 }, (_, n) => oneWay(0, `198.51.${100 + (n >> 8)}.${n & 255}`, n % 100)).join(
      '',
    );
    const collector = createConntrackTable(options);
    let now = 0;
    const host = createChangingHost(() => createHost(machine({ now, flows: scan, count: 900 })));
    await collector.collect(host);
    now = 15;
    const samples = await collector.collect(host);
    expect(await lines(samples, /scan(ning)?_entries\{|verdict/)).toEqual([
      'conntrack_scanning_entries{zone="4097"} 900',
    ]);
    const verdicts = samples.filter(({ metric }) => metric.name === 'conntrack_source_verdict');
    expect(verdicts.map(({ labels, isLocal }) => ({ ...labels, isLocal }))).toEqual([
      { address: '10.1.0.0', zone: '4097', verdict: 'scan', isLocal: true },
    ]);
  });

  it('gives every known class, those without flows as 0', async () => {
    const samples = await createConntrackTable(options).collect(createHost(machine()));
    const classes = await lines(samples, /^conntrack_table_entries/);
    expect(new Set(classes).size).toBe(classes.length);
    expect(classes).toContain('conntrack_table_entries{protocol="udp",state="",replied="no",assured="no"} 0');
    expect(classes).toContain(
      'conntrack_table_entries{protocol="tcp",state="TIME_WAIT",replied="yes",assured="yes"} 0',
    );
  });

  it('reads a sample of a large table and scales it', async () => {
    const large = machine({ count: 50_000 });
    const samples = await createConntrackTable(options).collect(createHost(large));
    expect(await lines(samples, /^conntrack_scan_entries|^conntrack_expired/)).toEqual(['conntrack_scan_entries 200']);
    const [ratio = ''] = await lines(samples, /^conntrack_scan_sampled_ratio/);
    expect(Number(ratio.split(' ')[1])).toBeGreaterThan(200 / 50_000);
    expect(Number(ratio.split(' ')[1])).toBeLessThan(200 / 30_000);
  });

  it('scales a sample exactly if the kernel reports how many flows are live', async () => {
    const large = machine({ count: 50_000, reading: { liveCount: 40_000 } });
    const samples = await createConntrackTable(options).collect(createHost(large));
    expect(await lines(samples, /^conntrack_(scan_entries|scan_sampled|expired)/)).toEqual([
      'conntrack_expired_entries 10000',
      'conntrack_scan_entries 200',
      'conntrack_scan_sampled_ratio 0.005',
    ]);
  });

  it('calls the flows direct return when each new one comes with invalid packets', async () => {
    const collector = createConntrackTable(options);
    let now = 0;
    const host = createChangingHost(() => createHost(machine({ now, invalid: now * 4 * 8 })));
    const verdicts: string[][] = [];
    for (; now <= 60; now += 15) verdicts.push(await lines(await collector.collect(host), /_verdict\{.* 1$/));
    expect(verdicts.at(-1)).toEqual([
      'conntrack_destination_verdict{protocol="tcp",address="10.0.0.100",port="80",zone="4097",verdict="direct_return"} 1',
    ]);
  });

  it('exports what the last two scans agree on, of which a scan that was aborted is none', async () => {
    const collector = createConntrackTable(options);
    let seconds = 0;
    const host = { ...createHost(machine()), now: () => ++seconds };
    const confirmed = async () => await lines(await collector.collect(host), /^conntrack_full_in_confirmed/);
    await expect(collector.collect(host, AbortSignal.abort(new Error('No answer')))).rejects.toThrow('No answer');
    expect(await confirmed()).toEqual([]);
    expect(await confirmed()).toEqual(['conntrack_full_in_confirmed_seconds +Inf']);
  });

  it('does without settings that are odd or cannot be read, the count among them', async () => {
    const collect = async (files: Machine['files']) => {
      const whole = machine();
      const host = createHost({ ...whole, files: { ...whole.files, ...files } });
      return await lines(
        await createConntrackTable({ ...options, sampleEntries: 1000 }).collect(host),
        /^conntrack_destination_/,
      );
    };
    const odd = {
      [`${settings}/nf_conntrack_count`]: '?\n',
      [`${settings}/nf_conntrack_max`]: systemError('EIO', 'read'),
    };
    const whole = await collect({});
    expect(whole.length).toBeGreaterThan(5);
    expect(await collect(odd)).toEqual(whole);
  });

  it('is absent where connection tracking is not loaded, and asks nothing of the kernel then', async () => {
    const host = createHost({ files: { [`${settings}/nf_log/0`]: 'NONE\n' } });
    const flows = () => Promise.reject(new Error('asked'));
    await expect(createConntrackTable(options).collect({ ...host, flows })).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('takes no notice of an IPVS table that cannot be parsed', async () => {
    const files = { ...machine().files, '/proc/net/ip_vs': 'broken' };
    const samples = await createConntrackTable(options).collect(createHost(machine({ files })));
    expect(await lines(samples, /^conntrack_scan_entries/)).toEqual(['conntrack_scan_entries 493']);
  });

  it('hands on a refusal', async () => {
    const flows = () => Promise.reject(systemError('EPERM', 'operation not permitted'));
    const host = { ...createHost(machine()), flows };
    await expect(createConntrackTable(options).collect(host)).rejects.toMatchObject({ code: 'EPERM' });
  });
});

describe('inNamespace()', () => {
  it('reads another network namespace and labels its samples', async () => {
    const host = createHost({ namespaces: { 'qrouter-1': machine() } });
    const collector = collectInNamespace(createConntrackTable(options), 'qrouter-1');
    expect(collector.name).toBe('conntrack-table@qrouter-1');
    expect(await lines(await collector.collect(host), /^conntrack_scan_entries/)).toEqual([
      'conntrack_scan_entries{netns="qrouter-1"} 493',
    ]);
  });
});
