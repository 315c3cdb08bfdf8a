import { scanIntervalSeconds } from '../../src/identity/scan-interval.ts';
import { asked, keptAlive, leaked, twoWay, twoWayReused } from '../../test/flows/traffic.ts';
import type { Run, Scenario } from './scenario.ts';
import type { Stream } from './table.ts';

const minute = 60;
const hour = 3600;
const day = 24 * hour;
const forGood = 1000 * day;
const warmUp = 20 * minute;

/** Small tables, so that two weeks take a minute. */
const small = 32_768;
const tiny = 2048;
const large = 1_048_576;

type PerSecond = (second: number) => number;

/** So many flows within a time, evenly. */
const within =
  (flows: number, from: number, seconds: number): PerSecond =>
  (second) =>
    second >= from && second < from + seconds ? flows / seconds : 0;

/** So many flows that come back the more slowly the fewer are left. */
const comingBack =
  (flows: number, from: number, seconds: number): PerSecond =>
  (second) =>
    second < from ? 0 : (flows / seconds) * Math.exp(-(second - from) / seconds);

/** Every day from four in the morning to four in the afternoon and back. */
const daily =
  (low: number, high: number): PerSecond =>
  (second) =>
    low + ((high - low) * (1 - Math.cos((2 * Math.PI * (second - 4 * hour)) / day))) / 2;

const before = -10 * minute;

/** Flows that are there from the beginning, and send every so often. */
const inUse = (flows: number, every: number, kind: Parameters<typeof keptAlive>[3] = {}): Stream =>
  keptAlive(within(flows, before, every), every, forGood, kind);

const reused = (limit: number, share: number): Stream[] =>
  [65, 75, 85, 95].map((seconds) => twoWayReused(() => (share * limit) / 80 / 4, seconds));

function keepalives(limit: number): Stream[] {
  return [
    inUse(0.15 * limit, 25),
    inUse(0.1 * limit, 20, { timeout: 30, answered: false }),
    inUse(0.1 * limit, 10, { timeout: 30, answered: false, protocol: 1 }),
    inUse(0.1 * limit, 60, { timeout: 180, protocol: 47 }),
    inUse(0.1 * limit, 90, { timeout: 600, protocol: 50 }),
    // VPN sessions of 20 minutes.
    keptAlive(() => (0.1 * limit) / (1200 + 120), 25, 1200),
  ];
}

/** Names, videos, web: what a carrier's NAT has, from a low in the night to a high in the afternoon. */
function carrier(limit: number, low: number, high: number): Stream[] {
  const share = daily(low * limit, high * limit);
  return [
    asked((second) => (0.2 * share(second)) / (30 + scanIntervalSeconds / 2)),
    keptAlive((second) => (0.3 * share(second)) / (60 + 120), 1, 60),
    twoWay((second) => (0.5 * share(second)) / (300 + 120), 300),
  ];
}

/** One-way log messages: each a flow of its own, 2 minutes of every hour. */
const batch = (limit: number, share: number): Stream =>
  asked((second) => ((second % hour < 2 * minute ? share : 0.05) * limit) / (30 + scanIntervalSeconds / 2));

/** The same machine for two hours, and for two weeks. */
function benign(name: string, streams: (limit: number) => readonly Stream[]): Scenario[] {
  const runs = (limit: number, seconds: number, scrapeSeconds: number): Run[] => [
    { limit, onset: 0, seconds, scrapeSeconds, streams: streams(limit) },
  ];
  return [
    { name, goal: 'silence', runs: runs(small, 2 * hour, 15) },
    { name: `${name}, two weeks`, goal: 'silence', runs: runs(tiny, 14 * day, 120) },
  ];
}

const phases = [1, 5, 9, 13];

function fromRest(limit: number, minutes: number, streams: (onset: number) => readonly Stream[]): Run[] {
  return phases.map((phase) => {
    const onset = warmUp + phase;
    return { limit, onset, seconds: onset + minutes * minute, scrapeSeconds: 15, streams: streams(onset) };
  });
}

const benignScenarios: readonly Scenario[] = [
  ...benign('keepalives of several periods and protocols at 65 %', keepalives),
  ...benign('ports used again, at 71 %', (limit) => reused(limit, 0.71)),
  ...benign('carrier NAT, daily from 15 to 65 %', (limit) => carrier(limit, 0.15, 0.65)),
  ...benign('UDP syslog, 2 min of each hour, 60 %', (limit) => [batch(limit, 0.6)]),
  {
    name: 'pool of connections, 40 % in 5 min',
    goal: 'silence',
    runs: fromRest(small, 60, (onset) => [leaked(within(0.4 * small, onset, 300)), ...reused(small, 0.1)]),
  },
  {
    name: 'failover of long-lived connections, 35 to 70 %',
    goal: 'silence',
    runs: fromRest(small, 30, (onset) => [
      leaked(within(0.35 * small, before, 60)),
      leaked(comingBack(0.35 * small, onset, 15)),
    ]),
  },
  {
    name: 'restart of a NAT gateway to 60 %',
    goal: 'silence',
    runs: fromRest(small, 30, (onset) => [
      leaked(comingBack(0.35 * small, onset, 20)),
      keptAlive(comingBack(0.25 * small, onset, 20), 25, forGood),
    ]),
  },
  {
    name: 'keepalives at 60 %, a million entries, sampled',
    goal: 'silence',
    runs: [{ limit: large, onset: 0, seconds: 25 * minute, scrapeSeconds: 15, streams: [inUse(0.6 * large, 25)] }],
  },
];

/** Until the table is 45 % full, this looks like the pool of connections above, for which `line 1h` pages as well. */
const asAPool = (run: Run): Run => ({ ...run, recklessRivals: ['line 1h'] });

const fillingScenarios: readonly Scenario[] = [
  {
    name: 'keepalives at 24 %, joined by 60/s',
    goal: 'page',
    runs: fromRest(small, 10, (onset) => [
      inUse(0.24 * small, 25),
      keptAlive((second) => (second < onset ? 0 : 60), 25, forGood),
    ]).map(asAPool),
  },
  {
    name: 'ports used again at 40 %, and many more clients',
    goal: 'page',
    runs: fromRest(small, 10, (onset) => [
      ...reused(small, 0.4),
      twoWay((second) => ((second < onset ? 0.05 : 0.9) * small) / 125, 3),
    ]),
  },
  {
    name: 'connections that stay, full in 75 s',
    goal: 'page',
    // Three scans must rise before the rise differs from a pool that is built up.
    runs: fromRest(8192, 5, (onset) => [leaked((second) => (second < onset ? 0 : 110))]).map((run) => ({
      ...run,
      leadSeconds: 15,
    })),
  },
  {
    name: 'connections that stay, full in 10 min, sampled',
    goal: 'page',
    runs: fromRest(large, 12, (onset) => [leaked((second) => (second < onset ? 0 : large / 600))]).slice(0, 1),
  },
  {
    name: 'UDP one way, 1.2 times what fits',
    goal: 'page',
    runs: fromRest(small, 5, (onset) => [asked((second) => ((second < onset ? 0.1 : 1.2) * small) / 37)]),
  },
  {
    name: 'restart of a NAT gateway to 130 % in 4 min',
    goal: 'page',
    runs: fromRest(small, 10, (onset) => [
      leaked(within(0.8 * small, onset, 240)),
      keptAlive(within(0.5 * small, onset, 240), 25, forGood),
    ]).map(asAPool),
  },
];

/** Populations that packets keep alive, connections that stay, ports that are used again. */
export const inUseScenarios: readonly Scenario[] = [...benignScenarios, ...fillingScenarios];
