import { alertTests, of } from './alert-test.ts';
import { forecasts } from './forecasts.ts';

const c1 = { job: 'lvs-exporter', instance: 'c1' };

/** The largest holder, of which a destination, a source, a zone and a state have different labels. */
const holds = (labels: string) => ({ [`conntrack_largest_holder_entries{${labels}}`]: '61234 for 3h' });
const blamed = holds(
  'kind="destination", protocol="tcp", address="192.0.2.10", port="443", zone="7", device="tap1a2b3c4d-5e", vm="director-1", project="web shop"',
);
const blame =
  ' Most entries, 61.23k, go to tcp 192.0.2.10:443 in zone 7. They go through tap1a2b3c4d-5e, virtual machine director-1 of project web shop.';
const holders: Readonly<Record<string, readonly [labels: string, sentence: string]>> = {
  scan: [
    'kind="source", protocol="tcp", port="445", zone="4097", device="tap1a2b3c4d-5e"',
    'come from one source in zone 4097, most of them to tcp port 445. To see its address, run lvs-exporter diagnose on that machine. They go through tap1a2b3c4d-5e.',
  ],
  'known scan': ['kind="source", address="192.0.2.9", zone="0"', 'come from one source, 192.0.2.9, in zone 0.'],
  'destination in IPv6': [
    'kind="destination", protocol="tcp", address="fd00::1", port="80", zone="0"',
    'go to tcp [fd00::1]:80.',
  ],
  'destination without ports': [
    'kind="destination", protocol="vrrp", address="224.0.0.18", port="", zone="9"',
    'go to vrrp 224.0.0.18 in zone 9.',
  ],
  zone: ['kind="zone", zone="4097"', 'are in zone 4097.'],
  state: ['kind="state", protocol="tcp", state="CLOSE_WAIT"', 'are tcp CLOSE_WAIT, spread over many destinations.'],
  'protocol without states': [
    'kind="state", protocol="udp", state="", port="53"',
    'are udp, most of them to port 53, spread over many destinations.',
  ],
};

const full = (time: string, where = 'c1') =>
  `The connection tracking table of ${where} will be full in about ${time} if flows continue to arrive as they do now.`;

const size = { conntrack_entries: '10000 for 3h', conntrack_entries_limit: '100000 for 3h' };

export const conntrackFullnessTests = [
  ...alertTests(
    'ConntrackTableFullSoon',
    {
      when: 'one scan shows that a table with much in it fills within a minute',
      series: {
        ...of(
          { instance: 'c1' },
          {
            ...blamed,
            ...forecasts('Inf for 1m, 53 for 15s, Inf for 5m'),
            conntrack_entries: '25500 for 10m',
            conntrack_entries_limit: '100000 for 10m',
          },
        ),
        ...of(
          { instance: 'later' },
          {
            ...forecasts('Inf for 1m, 57 for 15s, Inf for 5m'),
            conntrack_entries: '25500 for 10m',
            conntrack_entries_limit: '100000 for 10m',
          },
        ),
        ...of(
          { instance: 'little-used' },
          {
            ...forecasts('Inf for 1m, 53 for 15s, Inf for 5m'),
            conntrack_entries: '24500 for 10m',
            conntrack_entries_limit: '100000 for 10m',
          },
        ),
        ...of(
          { instance: 'unlimited' },
          {
            ...forecasts('1 for 10m'),
            conntrack_entries: '25500 for 10m',
            conntrack_entries_limit: '0 for 10m',
          },
        ),
      },
      expected: {
        '55s': [],
        '1m': [{ severity: 'critical', labels: c1, description: full('53s') + blame }],
        '3m10s': [{ severity: 'critical', labels: c1, description: full('53s') + blame }],
        '3m20s': [],
      },
    },
    {
      when: 'what holds a full table is no destination',
      series: Object.assign(
        {},
        ...Object.entries(holders).map(([instance, [labels]]) =>
          of(
            { instance },
            {
              ...holds(labels),
              ...forecasts('0 for 5m'),
              conntrack_entries: '100 for 5m',
              conntrack_entries_limit: '100 for 5m',
            },
          ),
        ),
      ),
      expected: {
        '1m': Object.entries(holders).map(([instance, [, sentence]]) => ({
          severity: 'critical' as const,
          labels: { ...c1, instance },
          description: `The connection tracking table of ${instance} is full. Most entries, 61.23k, ${sentence}`,
        })),
      },
    },
    {
      when: 'a table is full',
      series: of(
        { instance: 'c1' },
        {
          ...forecasts('0 for 5m'),
          conntrack_entries: '100 for 5m',
          conntrack_entries_limit: '100 for 5m',
        },
      ),
      expected: {
        '1m': [{ severity: 'critical', labels: c1, description: 'The connection tracking table of c1 is full.' }],
      },
    },
    {
      when: 'three scans agree that a table fills within five minutes, or two that it does in 55 s',
      series: {
        ...of({ instance: 'c1' }, { ...size, ...forecasts('Inf for 1m, 295 for 45s, Inf for 5m') }),
        ...of({ instance: 'twice' }, { ...size, ...forecasts('Inf for 1m, 200 for 30s, Inf for 5m') }),
        ...of({ instance: 'later' }, { ...size, ...forecasts('Inf for 1m, 305 for 1m, Inf for 5m') }),
        ...of({ instance: 'sooner' }, { ...size, ...forecasts('Inf for 1m, 305 for 15s, 290 for 30s, Inf for 5m') }),
        ...of({ instance: 'slower' }, { ...size, ...forecasts('Inf for 1m, 290 for 30s, 305 for 15s, Inf for 5m') }),
        ...of({ instance: 'c1', netns: 'qrouter' }, { ...size, ...forecasts('Inf for 1m, 295 for 45s, Inf for 5m') }),
        ...of({ instance: 'soon' }, { ...size, ...forecasts('Inf for 1m15s, 55 for 30s, Inf for 5m') }),
        ...of({ instance: 'soon-once' }, { ...size, ...forecasts('Inf for 1m15s, 55 for 15s, Inf for 5m') }),
      },
      expected: {
        '1m25s': [],
        '1m30s': [
          { severity: 'critical', labels: { ...c1, instance: 'soon' }, description: full('55s', 'soon') },
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
      when: 'a table fills within a quarter of an hour, and all scans of five minutes agree on an hour',
      evaluationSeconds: 15,
      series: {
        ...of({ instance: 'c1' }, { ...size, ...forecasts('Inf for 1m, 3550 for 4m15s, 890 for 1m, Inf for 5m') }),
        ...of({ instance: 'later' }, { ...size, ...forecasts('Inf for 1m, 910 for 10m') }),
        ...of({ instance: 'new' }, { ...size, ...forecasts('nothing for 3m, 890 for 10m') }),
        ...of(
          { instance: 'unsteady' },
          { ...size, ...forecasts('890 for 2m, 3700 for 15s, 890 for 4m30s, Inf for 5m') },
        ),
      },
      expected: {
        '5m30s': [],
        '6m': [{ severity: 'critical', labels: c1, description: full('14m 50s') }],
      },
    },
    {
      when: 'all scans of half a minute agree, at least two unless the next comes too late, and one alone does not',
      evaluationSeconds: 15,
      series: {
        ...of({ instance: 'c1' }, { ...size, ...forecasts('Inf for 1m, 200 for 35s, Inf for 30m', 5) }),
        ...of({ instance: 'burst' }, { ...size, ...forecasts('Inf for 1m, 200 for 30s, Inf for 30m', 5) }),
        ...of({ instance: 'minutely' }, { ...size, ...forecasts('Inf for 1m, 200 for 2m, Inf for 30m', 60) }),
        ...of({ instance: 'minutely-once' }, { ...size, ...forecasts('Inf for 1m, 200 for 1m, Inf for 30m', 60) }),
        ...of({ instance: 'rare' }, { ...size, ...forecasts('Inf for 5m, 200 for 200s, Inf for 30m', 100) }),
        ...of({ instance: 'rare-once' }, { ...size, ...forecasts('Inf for 5m, 200 for 100s, Inf for 30m', 100) }),
        // The next scan comes when the table is full.
        ...of({ instance: 'too-rare' }, { ...size, ...forecasts('Inf for 5m, 200 for 5m, Inf for 30m', 300) }),
      },
      expected: {
        '1m15s': [],
        '1m30s': [{ severity: 'critical', labels: c1, description: full('3m 20s') }],
        '1m45s': [{ severity: 'critical', labels: c1, description: full('3m 20s') }],
        '2m': [
          { severity: 'critical', labels: c1, description: full('3m 20s') },
          { severity: 'critical', labels: { ...c1, instance: 'minutely' }, description: full('3m 20s', 'minutely') },
        ],
        '6m30s': [
          { severity: 'critical', labels: { ...c1, instance: 'too-rare' }, description: full('3m 20s', 'too-rare') },
        ],
        '6m45s': ['rare', 'too-rare'].map((instance) => {
          return { severity: 'critical' as const, labels: { ...c1, instance }, description: full('3m 20s', instance) };
        }),
        '20m': [],
      },
    },
    {
      when: 'scans that are minutes apart agree that a table fills within a quarter of an hour, and one alone does not',
      evaluationSeconds: 15,
      series: {
        ...of({ instance: 'c1' }, { ...size, ...forecasts('Inf for 5m, 890 for 10m, Inf for 30m', 300) }),
        ...of({ instance: 'once' }, { ...size, ...forecasts('3700 for 6m, 890 for 6m, Inf for 30m', 360) }),
      },
      expected: {
        '9m45s': [],
        '11m30s': [{ severity: 'critical', labels: c1, description: full('14m 50s') }],
        '20m': [],
      },
    },
    {
      when: 'a table fills within a day',
      evaluationSeconds: 30,
      series: {
        ...of({ instance: 'c1' }, { ...size, ...forecasts('Inf for 1m, 86000 for 16m, Inf for 1h') }),
        ...of({ instance: 'later' }, { ...size, ...forecasts('Inf for 1m, 87000 for 1h') }),
        ...of({ instance: 'unlimited' }, { ...forecasts('86000 for 1h'), conntrack_entries_limit: '0 for 1h' }),
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
      when: 'the load rises evenly from the 20th minute on, and ends in the 54th',
      scrapeSeconds: 14,
      series: {
        ...rising('c1', '8500 for 20m, 8500 to 80390 for 34m14s, 10000 for 1h'),
        ...rising('small', '5000 for 20m, 5000 to 29000 for 15m, 29000 for 1h'),
        ...rising('in-one-step', '10000 for 25m, 72000 for 1h'),
        ...rising('unlimited', '8500 for 20m, 8500 to 79900 for 34m, 10000 for 1h', '0'),
      },
      expected: {
        '34m': [],
        '34m45s': [{ severity: 'warning', labels: c1, description: exceeds('30m 51s') }],
        '53m': [{ severity: 'warning', labels: c1, description: exceeds('11m 33s') }],
        '53m45s': [
          { severity: 'warning', labels: c1, description: exceeds('11m 18s') },
          { severity: 'critical', labels: c1, description: exceeds('11m 18s') },
        ],
        '63m30s': [
          { severity: 'warning', labels: c1, description: exceeds('10m 49s') },
          { severity: 'critical', labels: c1, description: exceeds('10m 49s') },
        ],
        '65m': [],
      },
    },
    {
      when: 'the load rises fast enough for a warning, and not for a page',
      scrapeSeconds: 14,
      series: {
        ...rising('too-slow', `11500 for 20m, ${approaching(110_000, 11_500, 13, 22.1)}, 10000 for 10m`),
        ...rising('too-small', '10000 for 22m, 10000 to 69500 for 22m, 69500 for 10m'),
        ...rising('accelerating', '48000 for 20m, 48000 to 73200 for 21m, 73200 to 90700 for 5m, 10000 for 10m'),
      },
      expected: {
        '45m45s': [
          { severity: 'warning', labels: { ...c1, instance: 'too-slow' }, description: exceeds('15m 9s', 'too-slow') },
          {
            severity: 'warning',
            labels: { ...c1, instance: 'too-small' },
            description: exceeds('16m 3s', 'too-small'),
          },
          {
            severity: 'warning',
            labels: { ...c1, instance: 'accelerating' },
            description: exceeds('11m 5s', 'accelerating'),
          },
        ],
      },
    },
    {
      when: 'the load rises ever more slowly, and comes to a level below the limit or above it',
      scrapeSeconds: 14,
      series: {
        ...rising('below', `10400 for 20m, ${approaching(95_000, 10_400, 8, 6)}, 10000 for 10m`),
        ...rising('above', `10400 for 20m, ${approaching(106_000, 10_400, 8, 6)}, 10000 for 10m`),
      },
      expected: {
        '32m': [
          { severity: 'warning', labels: { ...c1, instance: 'below' }, description: exceeds('6m 27s', 'below') },
          { severity: 'warning', labels: { ...c1, instance: 'above' }, description: exceeds('3m 8s', 'above') },
          { severity: 'critical', labels: { ...c1, instance: 'above' }, description: exceeds('3m 8s', 'above') },
        ],
      },
    },
    {
      when: 'the load rises more slowly, to a level above the limit',
      scrapeSeconds: 14,
      series: rising('c1', `10400 for 20m, ${approaching(107_000, 10_400, 13, 18.5)}, 10000 for 10m`),
      expected: {
        '45m45s': [
          { severity: 'warning', labels: c1, description: exceeds('13m 9s') },
          { severity: 'critical', labels: c1, description: exceeds('13m 9s') },
        ],
      },
    },
    {
      when: 'the load rises evenly, and the table is forecast to be full in more or less than a quarter of an hour, or never',
      scrapeSeconds: 14,
      series: Object.assign(
        {},
        ...['910', '890', 'Inf'].map((seconds) => ({
          ...rising(`${seconds}`, '8500 for 20m, 8500 to 80390 for 34m14s, 10000 for 1h'),
          ...of({ instance: seconds }, { conntrack_full_in_seconds: `${seconds} for 2h` }),
        })),
      ),
      expected: {
        '53m45s': [
          ...['910', '890', 'Inf'].map((instance) => {
            return {
              severity: 'warning' as const,
              labels: { ...c1, instance },
              description: exceeds('11m 18s', instance),
            };
          }),
          ...['890', 'Inf'].map((instance) => {
            return {
              severity: 'critical' as const,
              labels: { ...c1, instance },
              description: exceeds('11m 18s', instance),
            };
          }),
        ],
      },
    },
    {
      when: 'the load rises just too slowly for a warning',
      evaluationSeconds: 30,
      series: rising('c1', '18300 for 12m, 18300 to 46400 for 31m15s, 10000 for 1h'),
      expected: { '44m': [] },
    },
    {
      when: 'the load rises just fast enough for a warning',
      scrapeSeconds: 14,
      evaluationSeconds: 30,
      series: {
        ...rising('c1', '24950 for 20m, 24950 to 51950 for 30m'),
        ...rising('slow', '86000 for 20m, 86000 to 98600 for 30m'),
        ...rising('by-chance', '86000 for 20m, 86000 to 97400 for 30m'),
      },
      expected: {
        '49m30s': [
          { severity: 'warning', labels: c1, description: exceeds('54m 35s') },
          { severity: 'warning', labels: { ...c1, instance: 'slow' }, description: exceeds('4m 55s', 'slow') },
          { severity: 'critical', labels: { ...c1, instance: 'slow' }, description: exceeds('4m 55s', 'slow') },
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
      when: 'a table has long been so full, or was before',
      evaluationSeconds: 30,
      series: {
        ...filled('level', '95000 for 4h'),
        ...filled('again', '94000 for 10m, 50000 for 100m, 93800 for 1h'),
        ...filled('little-higher', '91000 for 10m, 50000 for 100m, 92750 for 1h'),
        ...filled('higher', '91000 for 10m, 50000 for 100m, 92850 for 1h'),
        ...filled('was-full', '98500 for 10m, 50000 for 100m, 93800 for 1h'),
        ...filled('was-nearly-full', '97500 for 10m, 50000 for 100m, 93800 for 1h'),
      },
      expected: {
        '1h51m30s': [...levels(), ...newHighs()],
        '2h15m': [...levels(), ...nearlyFull()],
        '2h40m': [...levels(), ...nearlyFull().filter(({ severity }) => severity === 'warning')],
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

/** Of the tables with a level of their own: warnings. */
function warned(instance: string, share: string) {
  return { severity: 'warning' as const, labels: { ...c1, instance }, description: used(share, instance) };
}

function levels() {
  return [warned('level', '95%')];
}

function newHighs() {
  const shares = Object.entries({ higher: '92.85%', 'was-full': '93.8%' });
  return shares.map(([instance, share]) => ({ ...warned(instance, share), severity: 'critical' as const }));
}

function nearlyFull() {
  return [
    ...newHighs(),
    warned('again', '93.8%'),
    warned('little-higher', '92.75%'),
    warned('higher', '92.85%'),
    warned('was-full', '93.8%'),
    warned('was-nearly-full', '93.8%'),
  ];
}

function rising(instance: string, equilibrium: string, limit = '100000'): Record<string, string> {
  return of({ instance }, { conntrack_equilibrium_entries: equilibrium, conntrack_entries_limit: `${limit} for 2h` });
}

function filled(instance: string, entries: string, limit = '100000'): Record<string, string> {
  return of({ instance }, { conntrack_entries: entries, conntrack_entries_limit: `${limit} for 4h` });
}

/** Ever slower towards a level, in steps of two minutes: in so many minutes it comes so much closer as e is above 1. */
function approaching(level: number, from: number, steps: number, minutes: number): string {
  const at = (step: number) => Math.round(level - (level - from) * Math.exp((-2 * step) / minutes));
  return Array.from({ length: steps }, (_, step) => `${at(step)} to ${at(step + 1)} for 2m`).join(', ');
}

function exceeds(time: string, where = 'c1'): string {
  return `In about ${time}, the connection tracking table of ${where} will settle above its limit if the rate of new flows continues to rise as in the last ten minutes.`;
}

function settles(share: string): string {
  return `At the present rates the connection tracking table of c1 settles at ${share} of its limit.`;
}

function used(share: string, where = 'c1'): string {
  return `The connection tracking table of ${where} is ${share} full.`;
}
