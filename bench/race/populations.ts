import { scanIntervalSeconds } from '../../src/identity/scan-interval.ts';
import { asked, keptAlive, twoWay, twoWayReused } from '../../test/flows/traffic.ts';
import type { Stream } from './lanes.ts';
import type { Run, Scenario } from './scenario.ts';
import { daily, day, hour, minute, small, warmUp } from './streams.ts';

export const forGood = 1000 * day;

/** So small that two weeks take minutes. */
const tiny = 2048;

export type PerSecond = (second: number) => number;

/** So many flows within a time, evenly. */
export const within =
  (flows: number, from: number, seconds: number): PerSecond =>
  (second) =>
    second >= from && second < from + seconds ? flows / seconds : 0;

/** So many flows that come back the more slowly the fewer are left. */
export const comingBack =
  (flows: number, from: number, seconds: number): PerSecond =>
  (second) =>
    second < from ? 0 : (flows / seconds) * Math.exp(-(second - from) / seconds);

/** Before the first scan. */
export const before = -10 * minute;

/** Flows that are there from the beginning, and send every so often. */
export const inUse = (flows: number, every: number, kind: Parameters<typeof keptAlive>[3] = {}): Stream =>
  keptAlive(within(flows, before, every), every, forGood, kind);

export const reused = (limit: number, share: number): Stream[] =>
  [65, 75, 85, 95].map((seconds) => twoWayReused(() => (share * limit) / 80 / 4, seconds));

export function keepalives(limit: number): Stream[] {
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
export function carrier(limit: number, low: number, high: number): Stream[] {
  const share = daily(low * limit, () => high * limit);
  return [
    asked((second) => (0.2 * share(second)) / (30 + scanIntervalSeconds / 2)),
    keptAlive((second) => (0.3 * share(second)) / (60 + 120), 1, 60),
    twoWay((second) => (0.5 * share(second)) / (300 + 120), 300),
  ];
}

/** One-way log messages: each a flow of its own, 2 minutes of every hour. */
export const batch = (limit: number, share: number): Stream =>
  asked((second) => ((second % hour < 2 * minute ? share : 0.05) * limit) / (30 + scanIntervalSeconds / 2));

type Streams = (limit: number) => readonly Stream[];

/** The same for two hours. */
export function forHours(name: string, streams: Streams, settings: Run['settings'] = {}): Scenario {
  const run = { limit: small, onset: 0, seconds: 2 * hour, scrapeSeconds: 15, streams: streams(small), settings };
  return { name, goal: 'silence', runs: [run] };
}

/** The same machine for two hours, and for two weeks with a scan each minute: what is periodic repeats itself. */
export function benign(name: string, streams: Streams): Scenario[] {
  const coarse = { scrapeSeconds: 120, scanSeconds: 60, gcSeconds: scanIntervalSeconds };
  const run = { limit: tiny, onset: 0, seconds: 14 * day, ...coarse, streams: streams(tiny) };
  return [forHours(name, streams), { name: `${name}, two weeks`, goal: 'silence', runs: [run] }];
}

/** Seconds by which something sudden comes after a scan. */
export const phases = [1, 5, 9, 13];

export function fromRest(limit: number, minutes: number, streams: (onset: number) => readonly Stream[]): Run[] {
  return phases.map((phase) => {
    const onset = warmUp + phase;
    return { limit, onset, seconds: onset + minutes * minute, scrapeSeconds: 15, streams: streams(onset) };
  });
}

/** Until the table is 45 % full, this looks like the pool of connections above, for which `line 1h` pages as well. */
export const asAPool = (run: Run): Run => ({ ...run, recklessRivals: ['line 1h'] });
