import { scanIntervalSeconds } from '../../src/identity/scan-interval.ts';
import { answeredOnce, asked, keptAlive, leaked, longOneSided, opened, twoWay } from '../../test/flows/traffic.ts';
import type { Stream } from './lanes.ts';
import { before, carrier, comingBack, forHours, fromRest, type PerSecond, within } from './populations.ts';
import type { Run, Scenario } from './scenario.ts';
import {
  answered,
  between,
  directReturn,
  disturbed,
  flood,
  hour,
  minute,
  small,
  step,
  stepTo,
  warmUp,
} from './streams.ts';

const rest = (share: number): Stream => answered(small, () => share);

/** So many flows in some seconds of each period. */
const each = (period: number, seconds: number, flows: number): PerSecond => {
  const perSecond = within(flows, 0, seconds);
  return (second) => perSecond((second + hour) % period);
};

/** After a rest, for so many minutes. */
function silence(name: string, minutes: number, streams: (onset: number) => readonly Stream[]): Scenario {
  return { name, goal: 'silence', runs: fromRest(small, minutes, streams) };
}

/** Lookups, of which some clients send twice as many for 2 minutes of 10. */
function resolver(limit: number): Stream[] {
  const burst = step(1, 2, 2 * minute);
  const perSecond = (share: number, timeout: number) => (share * limit) / (timeout + scanIntervalSeconds / 2);
  return [
    answeredOnce((second) => perSecond(0.12, 30) * (3 - burst((second + hour) % (10 * minute)))),
    asked(() => perSecond(0.05, 30)),
    keptAlive(() => perSecond(0.1, 180), 10, 60),
  ];
}

/** Connections of an hour that clients of one colour have until their servers stop, and then of the other. */
const colours = (onset: number): Stream[] => [
  rest(0.1),
  twoWay(within(0.3 * small, before, minute), onset + 10 * minute - before),
  leaked(within(0.3 * small, onset, minute)),
];

const gap = (seconds: number): Run['events'] => [
  { at: warmUp, happen: ({ setReachable }) => setReachable(false) },
  { at: warmUp + seconds, happen: ({ setReachable }) => setReachable(true) },
];

/** Traffic that comes in surges, and fills no table. */
const benignSurges: readonly Scenario[] = [
  forHours('bursts of 20 s every 5 min, 30 to 62 %', (limit) => [
    answered(limit, () => 0.3),
    twoWay(each(5 * minute + 1, 20, 0.3 * limit), 3),
  ]),
  forHours('bursts of 20 s every 5 min, 30 to 50 %', (limit) => [
    answered(limit, () => 0.3),
    twoWay(each(5 * minute + 1, 20, 0.2 * limit), 3),
  ]),
  silence('backup, 30 to 60 % in 3 min', 10, (onset) => [rest(0.3), leaked(within(0.3 * small, onset, 180))]),
  silence('backup of 10 min, 30 to 60 % in 3 min', 20, (onset) => [
    rest(0.3),
    twoWay(within(0.3 * small, onset, 180), 10 * minute),
  ]),
  forHours('resolver with bursts of 2 min, 40 %', resolver),
  forHours('two tenants, one in bursts of a minute, 30 to 62 %', (limit) => [
    answered(limit, () => 0.3),
    directReturn(limit, (second) => ((second + hour) % (17 * minute) < minute ? 0.6 : 0)),
  ]),
  silence('mobile clients come back after an outage, 10 to 70 %', 20, (onset) => [
    rest(0.1),
    opened(within(0.1 * small, onset - minute, minute)),
    keptAlive(comingBack(0.25 * small, onset, 20), 25, hour),
    leaked(comingBack(0.25 * small, onset, 20)),
  ]),
  silence('two colours of servers for 10 min, 40 to 70 %', 20, colours),
  silence('scan of a network for 5 min, 30 to 50 %', 15, (onset) => [
    rest(0.3),
    opened(within(0.3 * small, onset, 5 * minute)),
    twoWay(within(0.1 * small, onset, 5 * minute), 1),
  ]),
  silence('backup of an hour, 30 to 55 % in 10 min', 80, (onset) => [
    rest(0.3),
    twoWay(within(0.25 * small, onset, 10 * minute), hour),
  ]),
  silence('TLS handshakes, three times as many for 2 min', 10, (onset) => [
    rest(0.25),
    twoWay((second) => (second >= onset && second < onset + 2 * minute ? (0.5 * small) / 128 : 0), 1),
  ]),
  silence('WebSockets after a reload of the proxy, 40 to 75 %', 10, (onset) => [
    rest(0.1),
    twoWay(within(0.3 * small, before, minute), onset - before),
    leaked(within(0.3 * small, onset + 1, 20)),
  ]),
  forHours('checkers that ask everything every 30 s, 50 %', (limit) => [
    answered(limit, () => 0.2),
    twoWay(each(30, 5, (0.3 * limit) / 4.5), 1),
  ]),
  forHours('carrier NAT, evening peak, 40 to 85 %', (limit) => {
    const share = between(0.4, 0.85, 10 * minute, 90 * minute);
    return carrier(1, 1, 1).map((stream) => ({
      ...stream,
      perSecond: (second: number) => stream.perSecond(second) * share(second) * limit,
    }));
  }),
  { name: 'no scrape for 2 min at 60 %', goal: 'silence', runs: disturbed(0.6, gap(2 * minute) ?? []) },
  { name: 'no scrape for 5 min at 60 %', goal: 'silence', runs: disturbed(0.6, gap(5 * minute) ?? []) },
  {
    name: 'module loaded again at 60 %',
    goal: 'silence',
    runs: disturbed(0.6, [
      { at: warmUp, happen: ({ table }) => table.setLimit(2 * small) },
      { at: warmUp, happen: ({ table }) => table.flush() },
      { at: warmUp + 20, happen: ({ table }) => table.setLimit(small) },
    ]),
  },
];

function page(
  name: string,
  minutes: number,
  streams: (onset: number) => readonly Stream[],
  course: Partial<Run> = {},
): Scenario {
  const runs = fromRest(small, minutes, streams).map((run) => ({ ...run, recklessRivals: ['line 1h'], ...course }));
  return { name, goal: 'page', runs };
}

/** Traffic that looks like something else at first, and fills the table. */
const fillingSurges: readonly Scenario[] = [
  page(
    'step to 50 %, then a leak of 30 min',
    45,
    (onset) => [
      directReturn(small, step(0.05, 0.45, onset)),
      rest(0.05),
      leaked((second) => (second < onset ? 0 : (0.5 * small) / (30 * minute))),
    ],
    // As with the job of 45 min, which comes to 76 %.
    { recklessRivals: ['line 1h', 'node-mixin'] },
  ),
  page('flood beside a load that rises', 15, (onset) => [
    answered(small, between(0.1, 0.5, 0, 2 * hour)),
    flood(step(0, small / 150, onset)),
  ]),
  page('flood of UDP in many zones', 10, (onset) =>
    Array.from({ length: 40 }, (_, zone) =>
      asked((second) => ((second < onset ? 0.2 : 1.4) * small) / 37 / 40, { zone: zone + 1 }),
    ),
  ),
  page('one-way flows after a change of a route, 1.3 times', 10, (onset) => [
    rest(0.3),
    longOneSided((second) => (second < onset ? 0 : small / 180)),
  ]),
  page(
    'failover of a NAT gateway with all flows, 10 to 130 %',
    5,
    (onset) => [
      rest(0.1),
      leaked(comingBack(0.8 * small, onset, 40)),
      keptAlive(comingBack(0.4 * small, onset, 40), 25, hour),
    ],
    // Three scans must rise before the rise differs from a pool that is built up.
    { leadSeconds: 15 },
  ),
  {
    name: 'step to 1.2 times, scraped each minute',
    goal: 'page',
    runs: stepTo(1.2, small).map((run) => ({ ...run, scrapeSeconds: 60, leadSeconds: 0, recklessRivals: ['line 1h'] })),
  },
  {
    name: 'flood after bursts of 20 s every 5 min',
    goal: 'page',
    runs: fromRest(small, 5, (onset) => [
      rest(0.3),
      twoWay(each(5 * minute + 1, 20, 0.3 * small), 3),
      flood(step(0, 0.015 * small, onset + 60)),
    ]).map((run) => ({ ...run, onset: run.onset + 60 })),
  },
];

export const surgeScenarios: readonly Scenario[] = [...benignSurges, ...fillingSurges];
