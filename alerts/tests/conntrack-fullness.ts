import { alertTests, of } from './alert-test.ts';

const c1 = { job: 'lvs-exporter', instance: 'c1' };

const destination = 'conntrack_destination_unreplied_entries';
/** Who has the most unreplied flows, and a crowd of others that has more. */
const blamed = {
  [`${destination}{protocol="tcp", address="192.0.2.10", port="443", zone="7"}`]: '61234 for 3h',
  [`${destination}{protocol="udp", address="192.0.2.53", port="53", zone="0"}`]: '20 for 3h',
  [`${destination}{protocol="", address="other", port="", zone=""}`]: '70000 for 3h',
};
const blame = ' Most unreplied flows, 61.23k, go to tcp 192.0.2.10 port 443 (zone 7).';

const full = (time: string, where = 'c1') =>
  `The connection tracking table of ${where} is full in about ${time} if flows go on arriving as they do now.`;

const size = { conntrack_entries: '10000 for 3h', conntrack_entries_limit: '100000 for 3h' };

export const conntrackFullnessTests = [
  ...alertTests(
    'ConntrackTableFullSoon',
    {
      when: 'one scan tells that a table with much in it fills within a minute and a half',
      series: {
        ...of(
          { instance: 'c1' },
          {
            ...blamed,
            conntrack_full_in_seconds: 'Inf for 1m, 88 for 15s, Inf for 5m',
            conntrack_entries: '25500 for 10m',
            conntrack_entries_limit: '100000 for 10m',
          },
        ),
        ...of(
          { instance: 'later' },
          {
            conntrack_full_in_seconds: 'Inf for 1m, 92 for 15s, Inf for 5m',
            conntrack_entries: '25500 for 10m',
            conntrack_entries_limit: '100000 for 10m',
          },
        ),
        ...of(
          { instance: 'little-used' },
          {
            conntrack_full_in_seconds: 'Inf for 1m, 88 for 15s, Inf for 5m',
            conntrack_entries: '24500 for 10m',
            conntrack_entries_limit: '100000 for 10m',
          },
        ),
        ...of(
          { instance: 'unlimited' },
          {
            conntrack_full_in_seconds: '1 for 10m',
            conntrack_entries: '25500 for 10m',
            conntrack_entries_limit: '0 for 10m',
          },
        ),
      },
      expected: {
        '55s': [],
        '1m': [{ severity: 'critical', labels: c1, description: full('1m 28s') + blame }],
        '3m10s': [{ severity: 'critical', labels: c1, description: full('1m 28s') + blame }],
        '3m20s': [],
      },
    },
    {
      when: 'a table is full',
      series: of(
        { instance: 'c1' },
        {
          conntrack_full_in_seconds: '0 for 5m',
          conntrack_entries: '100 for 5m',
          conntrack_entries_limit: '100 for 5m',
        },
      ),
      expected: {
        '1m': [{ severity: 'critical', labels: c1, description: 'The connection tracking table of c1 is full.' }],
      },
    },
    {
      when: 'two scans agree that a table fills within five minutes',
      series: {
        ...of({ instance: 'c1' }, { ...size, conntrack_full_in_seconds: 'Inf for 1m, 295 for 30s, Inf for 5m' }),
        ...of({ instance: 'once' }, { ...size, conntrack_full_in_seconds: 'Inf for 1m, 200 for 15s, Inf for 5m' }),
        ...of({ instance: 'later' }, { ...size, conntrack_full_in_seconds: 'Inf for 1m, 305 for 1m, Inf for 5m' }),
        ...of(
          { instance: 'sooner' },
          { ...size, conntrack_full_in_seconds: 'Inf for 1m, 305 for 15s, 290 for 15s, Inf for 5m' },
        ),
        ...of(
          { instance: 'slower' },
          { ...size, conntrack_full_in_seconds: 'Inf for 1m, 290 for 15s, 305 for 15s, Inf for 5m' },
        ),
        ...of(
          { instance: 'c1', netns: 'qrouter' },
          { ...size, conntrack_full_in_seconds: 'Inf for 1m, 295 for 30s, Inf for 5m' },
        ),
      },
      expected: {
        '1m10s': [],
        '1m15s': [
          { severity: 'critical', labels: c1, description: full('4m 55s') },
          {
            severity: 'critical',
            labels: { ...c1, netns: 'qrouter' },
            description: full('4m 55s', 'c1, network namespace qrouter,'),
          },
        ],
      },
    },
    {
      when: 'all scans of five minutes agree that a table fills within an hour',
      evaluationSeconds: 15,
      series: {
        ...of({ instance: 'c1' }, { ...size, conntrack_full_in_seconds: 'Inf for 1m, 3550 for 5m15s, Inf for 5m' }),
        ...of({ instance: 'later' }, { ...size, conntrack_full_in_seconds: 'Inf for 1m, 3650 for 10m' }),
        ...of({ instance: 'new' }, { ...size, conntrack_full_in_seconds: 'nothing for 3m, 3550 for 10m' }),
        ...of(
          { instance: 'unsteady' },
          { ...size, conntrack_full_in_seconds: '3550 for 2m, 3700 for 15s, 3550 for 4m30s, Inf for 5m' },
        ),
      },
      expected: {
        '5m30s': [],
        '6m': [{ severity: 'critical', labels: c1, description: full('59m 10s') }],
      },
    },
    {
      when: 'a table fills within a day',
      evaluationSeconds: 30,
      series: {
        ...of({ instance: 'c1' }, { ...size, conntrack_full_in_seconds: 'Inf for 1m, 86000 for 16m, Inf for 1h' }),
        ...of({ instance: 'later' }, { ...size, conntrack_full_in_seconds: 'Inf for 1m, 87000 for 1h' }),
        ...of(
          { instance: 'unlimited' },
          { conntrack_full_in_seconds: '86000 for 1h', conntrack_entries_limit: '0 for 1h' },
        ),
      },
      expected: {
        '15m30s': [],
        '16m': [{ severity: 'warning', labels: c1, description: full('23h 53m 20s') }],
        '31m30s': [{ severity: 'warning', labels: c1, description: full('23h 53m 20s') }],
        '32m': [],
      },
    },
  ),
  ...alertTests(
    'ConntrackEquilibriumRising',
    {
      when: 'the load rises evenly from the 20th minute on, and ends in the 45th',
      scrapeSeconds: 14,
      series: {
        ...rising('c1', '28500 for 20m, 28500 to 80500 for 24m46s, 10000 for 1h'),
        ...rising('small', '19500 for 20m, 19500 to 49500 for 15m, 49500 for 1h'),
        ...rising('in-one-step', '10000 for 25m, 72000 for 1h'),
        ...rising('unlimited', '28500 for 20m, 28500 to 81000 for 25m, 10000 for 1h', '0'),
      },
      expected: {
        '39m': [],
        '40m15s': [{ severity: 'warning', labels: c1, description: exceeds('16m 13s') }],
        '43m15s': [{ severity: 'warning', labels: c1, description: exceeds('13m 18s') }],
        '43m45s': [
          { severity: 'warning', labels: c1, description: exceeds('12m 43s') },
          { severity: 'critical', labels: c1, description: exceeds('12m 43s') },
        ],
        '44m15s': [
          { severity: 'warning', labels: c1, description: exceeds('12m 16s') },
          { severity: 'critical', labels: c1, description: exceeds('12m 16s') },
        ],
        '54m30s': [
          { severity: 'warning', labels: c1, description: exceeds('43m 0s') },
          { severity: 'critical', labels: c1, description: exceeds('12m 4s') },
        ],
        '56m': [],
      },
    },
    {
      when: 'the load rises fast enough for a warning, and not for a page',
      scrapeSeconds: 14,
      series: {
        ...rising('too-slow', '32960 for 20m, 32960 to 77900 for 25m, 10000 for 10m'),
        ...rising('too-small', '15760 for 20m, 15760 to 75680 for 25m, 10000 for 10m'),
        ...rising('accelerating', '33000 for 20m, 33000 to 51000 for 15m, 51000 to 81000 for 10m, 10000 for 10m'),
      },
      expected: {
        '44m45s': [
          { severity: 'warning', labels: { ...c1, instance: 'too-slow' }, description: exceeds('15m 23s', 'too-slow') },
          {
            severity: 'warning',
            labels: { ...c1, instance: 'too-small' },
            description: exceeds('13m 11s', 'too-small'),
          },
          {
            severity: 'warning',
            labels: { ...c1, instance: 'accelerating' },
            description: exceeds('23m 10s', 'accelerating'),
          },
        ],
      },
    },
    {
      when: 'the load rises just too slowly for a warning',
      evaluationSeconds: 30,
      series: rising('c1', '32510 for 12m, 32510 to 56260 for 31m15s, 10000 for 1h'),
      expected: { '44m': [] },
    },
    {
      when: 'the load rises just fast enough for a warning',
      scrapeSeconds: 14,
      evaluationSeconds: 30,
      series: {
        ...rising('c1', '35040 for 20m, 35040 to 60480 for 30m'),
        ...rising('slow', '86000 for 20m, 86000 to 98600 for 30m'),
        ...rising('by-chance', '86000 for 20m, 86000 to 97400 for 30m'),
      },
      expected: {
        '49m': [
          { severity: 'warning', labels: c1, description: exceeds('50m 12s') },
          { severity: 'warning', labels: { ...c1, instance: 'slow' }, description: exceeds('6m 56s', 'slow') },
          { severity: 'critical', labels: { ...c1, instance: 'slow' }, description: exceeds('6m 56s', 'slow') },
        ],
      },
    },
  ),
  ...alertTests('ConntrackEquilibriumHigh', {
    when: 'a table heads for four fifths of its limit',
    series: {
      ...rising('c1', '50000 for 5m, 81000 for 6m, 50000 for 1h'),
      ...rising('below', '50000 for 5m, 79000 for 1h'),
      ...rising('unsteady', '50000 for 5m, 81000 for 3m, 79000 for 15s, 81000 for 4m, 50000 for 1h'),
      ...rising('new', 'nothing for 6m, 81000 for 4m, 50000 for 1h'),
      ...rising('unlimited', '81000 for 1h', '0'),
    },
    expected: {
      '9m30s': [],
      '10m15s': [{ severity: 'warning', labels: c1, description: `${settles('81%')}` }],
      '25m45s': [{ severity: 'warning', labels: c1, description: settles('81%') }],
      '26m15s': [],
    },
  }),
  ...alertTests(
    'ConntrackTableNearlyFull',
    {
      when: 'a table gets full and is emptied again',
      series: {
        ...filled('c1', '50000 for 5m, 76000 for 10m, 91000 for 3m, 50000 for 1h'),
        ...filled('below', '50000 for 5m, 74000 for 1h'),
        ...filled('less', '50000 for 5m, 76000 for 30s, 50000 for 5m, 89000 for 2m, 50000 for 1h'),
        ...filled('for-a-moment', '50000 for 5m, 91000 for 45s, 50000 for 1h'),
        ...filled('unlimited', '91000 for 1h', '0'),
      },
      expected: {
        '9m45s': [],
        '10m': [{ severity: 'warning', labels: c1, description: used('76%') }],
        '15m45s': [{ severity: 'warning', labels: c1, description: used('91%') }],
        '16m': [
          { severity: 'warning', labels: c1, description: used('91%') },
          { severity: 'critical', labels: c1, description: used('91%') },
        ],
        '22m45s': [
          { severity: 'warning', labels: c1, description: used('91%') },
          { severity: 'critical', labels: c1, description: used('91%') },
        ],
        '23m': [{ severity: 'warning', labels: c1, description: used('91%') }],
        '29m30s': [{ severity: 'warning', labels: c1, description: used('91%') }],
        '30m': [],
      },
    },
    {
      when: 'the garbage collector passes each minute',
      series: filled('c1', Array(10).fill('70000 to 90000 for 1m').join(', ')),
      expected: {
        '9m': [{ severity: 'warning', labels: c1, description: used('85%') }],
      },
    },
  ),
];

function rising(instance: string, equilibrium: string, limit = '100000'): Record<string, string> {
  return of({ instance }, { conntrack_equilibrium_entries: equilibrium, conntrack_entries_limit: `${limit} for 2h` });
}

function filled(instance: string, entries: string, limit = '100000'): Record<string, string> {
  return of({ instance }, { conntrack_entries: entries, conntrack_entries_limit: `${limit} for 2h` });
}

function exceeds(time: string, where = 'c1'): string {
  return `In about ${time} the table of ${where} will settle above its limit if new flows go on growing in number as in the last quarter of an hour.`;
}

function settles(share: string): string {
  return `At the present rates the connection tracking table of c1 settles at ${share} of its limit.`;
}

function used(share: string): string {
  return `The connection tracking table of c1 is ${share} full.`;
}
