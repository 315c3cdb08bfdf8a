import { alertTests, of } from './alert-test.ts';

const c1 = { job: 'lvs-exporter', instance: 'c1' };
const limit = { conntrack_entries_limit: '100000 for 2h' };

const evicted =
  'The kernel of c1 evicts 20.41 flows per second from its full connection tracking table. It counts no drops and logs nothing, but each evicted connection can fail.';
const dropped =
  'The kernel of c1 drops 20.41 packets per second because its connection tracking table is full: new connections fail.';
const refused =
  'The kernel of c1 refuses 20.41 new flows per second because their hash chains are too long: the table has too few buckets.';

/** A counter of each of two processors: it rises from 5m on, and again as much, for so long. */
function counted(name: string, rises: string): Record<string, string> {
  return { [`${name}{cpu="0"}`]: rises, [`${name}{cpu="1"}`]: rises };
}

const tenPerSecond = '1000 for 5m, 1000 to 4000 for 5m, 4000 for 1h';

/** So that no sample is just as old as a range is long, which Prometheus 2 counts in and Prometheus 3 does not. */
const scrapeSeconds = 14;

export const conntrackLossTests = [
  ...alertTests('ConntrackTableEvicting', {
    when: 'two processors evict ten flows a second each',
    scrapeSeconds,
    series: {
      ...of({ instance: 'c1' }, counted('conntrack_early_drop_total', tenPerSecond)),
      ...of({ instance: 'never' }, counted('conntrack_early_drop_total', '1000 for 2h')),
    },
    expected: {
      '5m': [],
      '5m45s': [{ severity: 'critical', labels: c1, description: evicted.replace('20.41', '8.746') }],
      '9m45s': [{ severity: 'critical', labels: c1, description: evicted }],
      '16m30s': [{ severity: 'critical', labels: c1, description: evicted.replace('20.41', '2.551') }],
      '17m15s': [],
    },
  }),
  ...alertTests('ConntrackTableDropping', {
    when: 'a full table drops, and one with room loses packets for another reason',
    scrapeSeconds,
    series: {
      ...of(
        { instance: 'c1' },
        {
          ...limit,
          conntrack_entries: '91000 for 10m, 50000 for 1h',
          ...counted('conntrack_drop_total', tenPerSecond),
        },
      ),
      ...of(
        { instance: 'room' },
        { ...limit, conntrack_entries: '89000 for 2h', ...counted('conntrack_drop_total', tenPerSecond) },
      ),
      ...of(
        { instance: 'never' },
        { ...limit, conntrack_entries: '91000 for 2h', ...counted('conntrack_drop_total', '1000 for 2h') },
      ),
    },
    expected: {
      '5m': [],
      '5m45s': [{ severity: 'critical', labels: c1, description: dropped.replace('20.41', '8.746') }],
      '9m45s': [{ severity: 'critical', labels: c1, description: dropped }],
      '16m30s': [{ severity: 'critical', labels: c1, description: dropped.replace('20.41', '2.551') }],
      '17m15s': [],
    },
  }),
  ...alertTests('ConntrackChainTooLong', {
    when: 'the kernel refuses flows',
    scrapeSeconds,
    series: {
      ...of({ instance: 'c1' }, counted('conntrack_chain_too_long_total', tenPerSecond)),
      ...of({ instance: 'never' }, counted('conntrack_chain_too_long_total', '1000 for 2h')),
    },
    expected: {
      '6m': [],
      '6m45s': [{ severity: 'critical', labels: c1, description: refused }],
      '9m45s': [{ severity: 'critical', labels: c1, description: refused }],
      '16m30s': [{ severity: 'critical', labels: c1, description: refused.replace('20.41', '2.551') }],
      '17m15s': [],
    },
  }),
  ...alertTests('ConntrackInsertFailing', {
    when: 'flows race each other for a quarter of an hour',
    scrapeSeconds,
    series: {
      ...of({ instance: 'c1' }, counted('conntrack_insert_failed_total', '0 for 5m, 0 to 472.5 for 15m, 472.5 for 1h')),
      ...of(
        { instance: 'fewer' },
        counted('conntrack_insert_failed_total', '0 for 5m, 0 to 427.5 for 15m, 427.5 for 1h'),
      ),
    },
    expected: {
      '16m30s': [],
      '17m30s': [
        {
          severity: 'warning',
          labels: c1,
          description:
            'The kernel of c1 loses 1.055 new flows per second on insertion into the table: these connections fail.',
        },
      ],
      '30m': [
        {
          severity: 'warning',
          labels: c1,
          description:
            'The kernel of c1 loses 1.055 new flows per second on insertion into the table: these connections fail.',
        },
      ],
      '31m': [],
    },
  }),
  ...alertTests('ConntrackBucketsTooFew', {
    when: 'the limit was raised without the buckets, on kernels that refuse long chains and that do not',
    series: {
      ...of(
        { instance: 'c1' },
        {
          conntrack_buckets: '1000 for 20m, 100000 for 20m',
          conntrack_entries_limit: '4100 for 40m',
          ...counted('conntrack_chain_too_long_total', '0 for 40m'),
        },
      ),
      ...of({ instance: 'old' }, { conntrack_buckets: '1000 for 40m', conntrack_entries_limit: '3900 for 40m' }),
      ...of(
        { instance: 'new' },
        {
          conntrack_buckets: '1000 for 20m, 100000 for 20m',
          conntrack_entries_limit: '1050 for 40m',
          ...counted('conntrack_chain_too_long_total', '0 for 40m'),
        },
      ),
      ...of(
        { instance: 'default' },
        {
          conntrack_buckets: '1000 for 40m',
          conntrack_entries_limit: '950 for 40m',
          ...counted('conntrack_chain_too_long_total', '0 for 40m'),
        },
      ),
      ...of({ instance: 'unknown' }, { conntrack_buckets: '0 for 40m', conntrack_entries_limit: '950 for 40m' }),
    },
    expected: {
      '14m45s': [],
      '15m': [
        { severity: 'warning', labels: c1, description: 'c1 may track 4.1 flows for each bucket of its table.' },
        { severity: 'info', labels: c1, description: refusing('c1', '4.1') },
        { severity: 'info', labels: { ...c1, instance: 'new' }, description: refusing('new', '1.05') },
      ],
      '34m45s': [
        { severity: 'warning', labels: c1, description: 'c1 may track 4.1 flows for each bucket of its table.' },
        { severity: 'info', labels: c1, description: refusing('c1', '4.1') },
        { severity: 'info', labels: { ...c1, instance: 'new' }, description: refusing('new', '1.05') },
      ],
      '35m': [],
    },
  }),
];

function refusing(where: string, ratio: string): string {
  return `${where} may track ${ratio} flows for each bucket of its table. Its kernel refuses flows when hash chains get long.`;
}
