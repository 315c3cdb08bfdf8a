import { scanIntervalSeconds } from '../../src/identity/scan-interval.ts';
import { answeredOnce, asked, keptAlive, leaked, opened, silent, twoWay } from '../../test/flows/traffic.ts';
import type { Stream } from './lanes.ts';
import { before, benign, forHours, fromRest, phases, within } from './populations.ts';
import type { Run, Scenario } from './scenario.ts';
import { answered, between, directReturn, hour, minute, small, warmUp } from './streams.ts';

/** Lookups under the kernel's 30 s and under a policy of 5 s, those without an answer, and those that ask again. */
function resolver(limit: number): Stream[] {
  const perSecond = (share: number, timeout: number) => (share * limit) / (timeout + scanIntervalSeconds / 2);
  return [
    answeredOnce(() => perSecond(0.15, 30)),
    answeredOnce(() => perSecond(0.02, 5), { timeout: 5 }),
    asked(() => perSecond(0.05, 30)),
    keptAlive(() => perSecond(0.15, 180), 10, 60),
  ];
}

/** Short connections that wait in TIME_WAIT, and deliveries to servers that are down. */
const mail = (limit: number): Stream[] => [answered(limit, () => 0.5), directReturn(limit, () => 0.1)];

/** Mounts and pools of databases, of which some end after half an hour. */
const mounts = (limit: number): Stream[] => [
  leaked(within(0.3 * limit, before, minute)),
  twoWay(() => (0.25 * limit) / (30 * minute + 120), 30 * minute),
];

/** Of two tenants one works for 10 minutes, then the other. */
function inTurn(limit: number, share: number): Stream[] {
  const turn = (second: number) => Math.floor((second + hour) / (10 * minute)) % 2;
  return [
    answered(limit, (second) => share * turn(second)),
    directReturn(limit, (second) => share * (1 - turn(second))),
  ];
}

/** Once a period so much of the table within some seconds. */
const once = (share: number, period: number, seconds: number, phase: number) => (second: number) =>
  (second + 14 * hour - phase) % period < seconds ? share / seconds : 0;

/** Relayed calls of 25 minutes that begin in the first 3 minutes of each half hour. */
function calls(limit: number, share: number): Stream[] {
  const begin = once(share * limit, 30 * minute, 180, 0);
  return [answered(limit, () => 0.1), keptAlive(begin, 5, 25 * minute)];
}

/** Connections of cron jobs, of which the scans see another part at each phase. */
function bursts(hours: number, level: number, begin: (phase: number) => (second: number) => number): Run[] {
  return phases.map((phase) => ({
    limit: small,
    onset: 0,
    seconds: hours * hour,
    scrapeSeconds: 15,
    streams: [answered(small, () => level), twoWay(begin(phase), 3)],
  }));
}

/** Clients that come within minutes and stay for a quarter of an hour. */
const crowd = fromRest(small, 40, (onset) => {
  const [come, go] = [
    between(0, 0.57, onset, onset + 5 * minute),
    between(0, 0.57, onset + 20 * minute, onset + 25 * minute),
  ];
  return [answered(small, (second) => 0.15 + come(second) - go(second))];
});

/** A machine is made larger while its table grows, and smaller again. */
const resized: Run = {
  limit: small,
  onset: warmUp,
  seconds: 2 * hour,
  scrapeSeconds: 15,
  streams: [answered(small, between(0.3, 0.66, warmUp, 30 * minute))],
  events: [
    { at: warmUp + 15 * minute, happen: ({ table }) => table.setLimit(2 * small) },
    { at: warmUp + 50 * minute, happen: ({ table }) => table.setLimit(small) },
  ],
};

/** Traffic that is in every network, and fills no table. */
export const everydayScenarios: readonly Scenario[] = [
  ...benign('resolver, UDP timers of 5, 30 and 120 s, 40 %', resolver),
  ...benign('two tenants in turn, 60 %', (limit) => inTurn(limit, 0.6)),
  forHours('mail server, TIME_WAIT, 60 %', mail),
  forHours('mounts and pools of connections, 55 %', mounts),
  forHours(
    'clients that never close, timer of 20 min, 40 %',
    (limit) => [silent(() => (0.4 * limit) / 1200, 'ESTABLISHED', 1200)],
    { nf_conntrack_tcp_timeout_established: 1200 },
  ),
  forHours('checks of servers, a tenth of them down, 50 %', (limit) => [
    answered(limit, () => 0.45),
    opened(() => (0.05 * limit) / 127),
  ]),
  {
    name: 'calls that begin each half hour, 10 to 45 %',
    goal: 'silence',
    runs: forHours('', (limit) => calls(limit, 0.35)).runs,
  },
  // The first burst is seen while Prometheus starts: from then on it is known how long one lasts.
  {
    name: 'bursts of 5 s each minute, 25 to 47 %',
    goal: 'silence',
    runs: bursts(1, 0.25, (phase) => once(0.1 * small, minute, 5, phase)),
  },
  {
    name: 'bursts of 30 s each hour, 30 to 54 %',
    goal: 'silence',
    runs: bursts(2, 0.3, (phase) => once(0.24 * small, hour, 30, 300 + phase)),
  },
  { name: 'crowd of 20 min, 15 to 72 %', goal: 'silence', runs: crowd },
  { name: 'limit doubled and halved, 30 to 66 %', goal: 'silence', runs: [resized] },
];
