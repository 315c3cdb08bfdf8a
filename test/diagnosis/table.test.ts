import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { describeFinding } from '../../src/diagnosis/text/index.ts';
import { inShort, remedyOf, samplesOf } from './samples.ts';

const web = 'protocol="tcp",address="10.0.0.100",port="80",zone="0"';

interface Table {
  readonly entries: number;
  readonly equilibrium: number;
  readonly fullIn: string;
  readonly unreplied?: number;
  readonly verdict?: string;
  readonly evicted?: number;
  readonly dropped?: number;
}

function tableOf({ entries, equilibrium, fullIn, unreplied = 0, verdict, evicted = 0, dropped = 0 }: Table) {
  return samplesOf(
    `conntrack_entries ${entries}
    conntrack_entries_limit 10000
    conntrack_buckets 16384
    conntrack_equilibrium_entries ${equilibrium}
    conntrack_full_in_seconds ${fullIn}
    conntrack_early_drop_total{cpu="0"} ${evicted}
    conntrack_drop_total{cpu="0"} ${dropped}
    conntrack_destination_entries{${web}} ${unreplied}
    conntrack_destination_unreplied_entries{${web}} ${unreplied}
    conntrack_destination_entries{protocol="",address="other",port="",zone=""} 9000
    conntrack_destination_unreplied_entries{protocol="",address="other",port="",zone=""} 9000`,
    verdict === undefined ? '' : `conntrack_destination_verdict{${web},verdict="${verdict}"} 1`,
  );
}

const quiet: Table = { entries: 100, equilibrium: 100, fullIn: '+Inf' };
const direct = { unreplied: 6000, verdict: 'direct_return' };

describe('diagnose() of a table', () => {
  it.each([
    ['a quiet one', quiet, []],
    ['one at three quarters', { ...quiet, entries: 7500 }, ['warning conntrack-table-nearly-full']],
    ['one at nine tenths', { ...quiet, entries: 9000 }, ['critical conntrack-table-nearly-full']],
    ['one that will settle high', { ...quiet, equilibrium: 8000 }, ['warning conntrack-equilibrium-high']],
    ['one that will be full today', { ...quiet, fullIn: '80000' }, ['warning conntrack-table-full-soon']],
    [
      'one that will be full at once',
      { ...quiet, equilibrium: 11_000, fullIn: '90' },
      ['critical conntrack-table-full-soon'],
    ],
    ['one that is full', { ...quiet, entries: 10_000, fullIn: '0' }, ['critical conntrack-table-nearly-full']],
    ['one that evicts', { ...quiet, entries: 5000, evicted: 5 }, ['critical conntrack-table-evicting']],
    [
      'one that drops',
      { ...quiet, entries: 9990, fullIn: '0', evicted: 5, dropped: 5 },
      ['critical conntrack-table-dropping'],
    ],
  ])('%s', (_what, table: Table, expected) => {
    const findings = diagnose(tableOf(table), tableOf({ ...table, evicted: 0, dropped: 0 }));
    expect(findings.map(inShort)).toEqual(expected);
  });

  it('has its numbers, and those of what fills it', () => {
    const table = { ...quiet, ...direct, entries: 9000, equilibrium: 9500, fullIn: '80000', evicted: 5 };
    const [finding] = diagnose(tableOf(table), tableOf({ ...table, evicted: 0 }));
    expect(finding).toMatchObject({
      numbers: {
        presentEntries: 9000,
        limitEntries: 10_000,
        usedRatio: 0.9,
        settlesEntries: 9500,
        fullInSeconds: 80_000,
        evictedFlows: 5,
        droppedPackets: 0,
      },
      details: {
        culprits: [
          {
            subject: { destination: { protocol: 'tcp', address: '10.0.0.100', port: '80', zone: '0' } },
            verdict: 'direct_return',
            numbers: { presentEntries: 6000, unrepliedEntries: 6000, arrivalsPerSecond: 0, limitEntries: 10_000 },
          },
        ],
      },
    });
  });

  it('is full because of an address that is flooded at all of its ports, not of the largest service', () => {
    const states = `conntrack_table_entries{protocol="udp",state="",replied="no",assured="no"} 6000
      conntrack_timeout_seconds{protocol="udp",state=""} 30`;
    const flooded = (entries: number) =>
      samplesOf(`conntrack_target_address_unreplied_entries{address="198.51.100.10",zone="0"} ${entries}`, states);
    const service = tableOf({ ...quiet, entries: 8000, unreplied: 700, verdict: 'two_way' });
    const find = (entries: number) => diagnose([...service, ...flooded(entries)])[0];
    expect(find(3999)?.details).toMatchObject({ culprits: [{ subject: { destination: { address: '10.0.0.100' } } }] });
    const found = find(4000);
    expect(found?.details).toMatchObject({
      culprits: [],
      target: { subject: { destination: { address: '198.51.100.10', port: '' } }, numbers: { unrepliedEntries: 4000 } },
    });
    expect(remedyOf(found, 'look-at-packets').commands).toEqual([
      "timeout 10 tcpdump -n -i any -c 40 'dst host 198.51.100.10 and udp'",
    ]);
  });

  it.each([
    [
      'tcp SYN_SENT',
      'tcp SYN_SENT',
      '. Connection attempts without a reply (SYN_SENT) hold 70 %, at least half of them to port 23 of many addresses',
    ],
    ['icmp ', 'udp ', '. ICMP flows hold 70 %'],
  ])('names the port that most of the table goes to (%s, beside the port of %s)', (most, holding, expected) => {
    const labelsOf = (what: string) => what.replace(/(\S+) (.*)/, 'protocol="$1",state="$2"');
    const holder = `conntrack_table_entries{${labelsOf(most)},replied="no",assured="no"} 7000
      conntrack_largest_holder_entries{kind="state",${labelsOf(holding)},address="",port="23",zone=""} 7000`;
    const [found] = diagnose([...tableOf({ ...quiet, entries: 8000 }), ...samplesOf(holder)]);
    expect(found && describeFinding(found).title.replace(/^.*? full/, '')).toBe(expected);
  });

  it('leaves out what is not known', () => {
    const known = samplesOf('conntrack_entries 9000\nconntrack_entries_limit 10000');
    expect(Object.keys(diagnose(known)[0]?.numbers ?? {}).sort()).toEqual([
      'droppedPackets',
      'evictedFlows',
      'limitEntries',
      'presentEntries',
      'usedRatio',
    ]);
  });

  it('is first enlarged where flows are being lost, and first kept from filling where there is time', () => {
    const table = { ...quiet, ...direct, entries: 9000 };
    const effects = (evicted: number) =>
      diagnose(tableOf({ ...table, evicted }), tableOf(table))[0]?.remedies.map(({ effect }) => effect);
    expect(effects(5)?.[0]).toBe('relief');
    expect(effects(0)?.[0]).toBe('cure');
    expect(effects(0)?.at(-1)).toBe('relief');
  });

  it('is never made larger than a quarter of the memory', () => {
    const offered = (memory: number) =>
      diagnose([
        ...tableOf({ ...quiet, entries: 9000 }),
        ...samplesOf(`lvs_platform_memory_bytes ${memory}`),
      ])[0]?.remedies.map(({ id }) => id);
    expect(offered(27e6)).toEqual(['larger-table']);
    expect(offered(26e6)).toEqual([]);
  });

  it('reports nothing about a table without a limit', () => {
    expect(diagnose(samplesOf('conntrack_entries 5000\nconntrack_entries_limit 0'))).toEqual([]);
  });

  it('distinguishes a packet dropped for another reason from a full table', () => {
    expect(diagnose(tableOf({ ...quiet, dropped: 3 }), tableOf(quiet))).toEqual([]);
  });

  it('judges each network namespace, and names it in the commands', () => {
    const samples = tableOf({ ...quiet, ...direct, entries: 9000 });
    const elsewhere = samples.map((one) => ({ ...one, labels: { ...one.labels, netns: "q'1" } }));
    const [finding, ...others] = diagnose([...tableOf(quiet), ...elsewhere]);
    expect(others).toEqual([]);
    expect(finding?.subject).toEqual({ namespace: "q'1" });
    expect(remedyOf(finding, 'notrack-iptables').commands[0]).toMatch(
      /^ip netns exec 'q'\\''1' iptables -t raw -I PREROUTING 1 /,
    );
  });
});

describe('diagnose() of destinations', () => {
  it.each([
    ['direct_return', 'conntrack-asymmetric-flows'],
    ['syn_flood', 'conntrack-syn-flood'],
    ['unanswered', 'conntrack-unanswered-flows'],
  ])('%s', (verdict, id) => {
    const found = (unreplied: number) =>
      diagnose(tableOf({ ...quiet, entries: 1000, unreplied, verdict })).map(inShort);
    expect(found(499)).toEqual([`info ${id} tcp 10.0.0.100:80`]);
    expect(found(500)).toEqual([`warning ${id} tcp 10.0.0.100:80`]);
  });

  it('two_way', () => {
    expect(diagnose(tableOf({ ...quiet, unreplied: 600, verdict: 'two_way' }))).toEqual([]);
  });

  it('a rate that will fill a notable part', () => {
    const rate = samplesOf(`conntrack_destination_arrivals_per_second{${web}} 3`);
    const findings = diagnose([...tableOf({ ...quiet, unreplied: 100, verdict: 'direct_return' }), ...rate]);
    expect(findings.map(({ severity }) => severity)).toEqual(['warning']);
  });

  it('does not report one twice', () => {
    const findings = diagnose(tableOf({ ...quiet, ...direct, entries: 9500 }));
    expect(findings.map(({ id }) => id)).toEqual(['conntrack-table-nearly-full']);
  });

  it('offers to look first if the evidence is ambiguous', () => {
    const [finding] = diagnose(tableOf({ ...quiet, unreplied: 600, verdict: 'unanswered' }));
    expect(finding?.remedies[0]?.commands).toEqual([
      "timeout 10 tcpdump -n -i any -c 40 'dst host 10.0.0.100 and tcp dst port 80'",
    ]);
  });

  it('offers no NOTRACK rule where there is one', () => {
    const deleteEntries =
      'for try in 1 2 3 4 5; do conntrack -D -d 10.0.0.100 -p tcp --dport 80 >/dev/null && break; done';
    const rule = samplesOf('firewall_notrack_rule_info{protocol="tcp",address="10.0.0.100",port="80"} 1');
    const findings = diagnose([...tableOf({ ...quiet, ...direct }), ...rule]);
    expect(findings.map(({ id, remedies }) => [id, remedies.map(({ commands }) => commands)])).toEqual([
      ['conntrack-asymmetric-flows', [[deleteEntries]]],
      ['not-tracked', [[deleteEntries]]],
    ]);
  });
});

describe('diagnose() of the size of a table', () => {
  const sized = (limit: number, buckets: number, more = '') =>
    samplesOf(`conntrack_entries 10\nconntrack_entries_limit ${limit}\nconntrack_buckets ${buckets}\n${more}`);

  it.each([
    [65_536, []],
    [65_537, ['info conntrack-buckets-too-few']],
    [262_144, ['info conntrack-buckets-too-few']],
    [262_145, ['warning conntrack-buckets-too-few']],
  ])('a limit of %i with 65,536 buckets', (limit, expected) => {
    expect(diagnose(sized(limit, 65_536)).map(inShort)).toEqual(expected);
  });

  it('chains that are too long', () => {
    const refused = (flows: number) => sized(65_536, 65_536, `conntrack_chain_too_long_total{cpu="0"} ${flows}`);
    const [finding] = diagnose(refused(7), refused(3));
    expect(finding).toMatchObject({
      id: 'conntrack-chain-too-long',
      severity: 'critical',
      numbers: { limitEntries: 65_536, presentBuckets: 65_536, refusedFlows: 4 },
    });
  });

  it('a limit that the memory does not allow', () => {
    const memory = (size: number) => sized(1_048_576, 1_048_576, `lvs_platform_memory_bytes ${size}`);
    expect(diagnose(memory(2e9))).toEqual([]);
    const [finding] = diagnose(memory(1e9));
    expect(finding).toMatchObject({
      id: 'table-larger-than-memory',
      severity: 'warning',
      numbers: { limitEntries: 1_048_576, neededBytes: 427_819_008, memoryBytes: 1e9 },
      remedies: [{ commands: ['sysctl -w net.netfilter.nf_conntrack_max=524288'] }],
    });
  });

  it('longer timeouts, the more urgent the fuller the table', () => {
    const timers =
      'conntrack_timeout_seconds{protocol="tcp",state="syn_sent"} 300\nconntrack_timeout_seconds{protocol="udp",state=""} 30';
    const [finding, ...others] = diagnose(sized(65_536, 65_536, timers));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      id: 'long-timeouts',
      severity: 'info',
      details: {
        timers: [
          {
            setting: 'net.netfilter.nf_conntrack_tcp_timeout_syn_sent',
            presentSeconds: 300,
            defaultSeconds: 120,
          },
        ],
      },
      remedies: [
        {
          commands: ['sysctl -w net.netfilter.nf_conntrack_tcp_timeout_syn_sent=120'],
          undo: ['sysctl -w net.netfilter.nf_conntrack_tcp_timeout_syn_sent=300'],
        },
      ],
    });
    const full = diagnose([...tableOf({ ...quiet, entries: 9000 }), ...samplesOf(timers)]);
    expect(full.map(inShort)).toEqual(['critical conntrack-table-nearly-full', 'warning long-timeouts']);
  });
});
