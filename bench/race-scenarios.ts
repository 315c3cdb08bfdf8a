import { scanIntervalSeconds } from '../src/identity/scan-interval.ts';
import { leaked, opened, server, twoWay } from '../test/flows/traffic.ts';
import { inUseScenarios } from './race-in-use.ts';
import type { Run, Scenario } from './race-scenario.ts';
import type { Event } from './race-simulation.ts';
import type { Stream } from './race-table.ts';

const minute = 60;
const hour = 3600;
const day = 24 * hour;

/** The limit of a machine with more than 4 GB. */
const usual = 262_144;
const large = 4 * usual;
/** Smaller tables, so that hours and days take seconds. With fewer flows chance has more to say. */
const small = usual / 8;
const tiny = usual / 64;

/** A part of the table that flows hold for good, 0 to 1 and above, by the time. */
type Share = (second: number) => number;

const step =
  (before: number, after: number, at: number): Share =>
  (second) =>
    second < at ? before : after;

/** From one share to another in a straight line. */
const between =
  (before: number, after: number, from: number, to: number): Share =>
  (second) =>
    before + (after - before) * Math.min(1, Math.max(0, (second - from) / (to - from)));

/** A low share at four in the morning, a high one at four in the afternoon. */
const daily =
  (low: number, high: Share): Share =>
  (second) =>
    low + ((high(second) - low) * (1 - Math.cos((2 * Math.PI * (second - 4 * hour)) / day))) / 2;

const synSentSeconds = 120;
const timeWaitSeconds = 120;
const connectionSeconds = 10;

/** Little's law, with half the time between two scans that an expired entry stays on average. */
function perSecond(limit: number, share: Share, seconds: number): (second: number) => number {
  return (second) => (share(second) * limit) / (seconds + scanIntervalSeconds / 2);
}

/** A virtual server whose answers pass by. */
function directReturn(limit: number, share: Share, host = 100): Stream {
  const arrivals = perSecond(limit, share, synSentSeconds);
  return { ...opened(arrivals, { destination: server(host) }), clients: 20_000, invalidPackets: 3 };
}

/** Web servers that are answered through the hop. */
function answered(limit: number, share: Share): Stream {
  const arrivals = perSecond(limit, share, connectionSeconds + timeWaitSeconds);
  return { ...twoWay(arrivals, connectionSeconds, { destination: server(10), port: 443 }), clients: 20_000 };
}

/** Openings from invented addresses, to a server that answers past the hop. */
function flood(perSecond: (second: number) => number): Stream {
  return opened(perSecond, { destination: server(101), port: 443 });
}

const warmUp = 20 * minute;

/** Between two scans. */
const phases = [1, 5, 9, 13];

/** Something that begins after a time of rest, at each of the phases. */
function afterRest(limit: number, streams: (onset: number) => readonly Stream[]): Run[] {
  return phases.map((phase) => {
    const onset = warmUp + phase;
    return { limit, onset, seconds: onset + 10 * minute, scrapeSeconds: 15, streams: streams(onset) };
  });
}

function stepTo(share: number, limit = usual): Run[] {
  return afterRest(limit, (onset) => [
    directReturn(limit, step(0.05, share - 0.05, onset)),
    answered(limit, () => 0.05),
  ]);
}

/**
 * Two directors behind one hop have half of the connections each, this share of the table. Those that the hop did not
 * know are picked up with their next packet and are ESTABLISHED until they end.
 */
function failover(limit: number, each: number): Run[] {
  return afterRest(limit, (onset) => [
    directReturn(limit, () => each),
    directReturn(limit, step(0, each, onset), 102),
    ...Array.from({ length: connectionSeconds }, (_, left) =>
      pickedUp(
        perSecond(limit, (second) => (second === onset ? each : 0), synSentSeconds),
        left + 1,
      ),
    ),
  ]);
}

function pickedUp(perSecond: (second: number) => number, secondsLeft: number): Stream {
  const unreplied = { replied: false, assured: false };
  const { life } = opened(0, { destination: server(102) });
  const phases = [
    { from: 0, state: 'ESTABLISHED', ...unreplied, timeout: 300, every: 1, lastPacket: secondsLeft },
    { from: secondsLeft, state: 'TIME_WAIT', ...unreplied, timeout: timeWaitSeconds },
  ];
  return { perSecond, life: (random) => ({ ...life(random), phases }) };
}

/** A table at rest, to which something happens. */
function disturbed(share: number, events: readonly Event[]): Run[] {
  const streams = [directReturn(small, () => share / 2), answered(small, () => share / 2)];
  return [{ limit: small, onset: warmUp, seconds: warmUp + hour, scrapeSeconds: 15, streams, events }];
}

export const scenarios: readonly Scenario[] = [
  { name: 'step to 1.2 times what fits', goal: 'page', runs: stepTo(1.2) },
  { name: 'step to 1.5 times', goal: 'page', runs: stepTo(1.5) },
  { name: 'step to 3 times', goal: 'page', runs: stepTo(3) },
  { name: 'step to 1.5 times, a million entries, sampled', goal: 'page', runs: stepTo(1.5, large) },
  {
    name: 'SYN flood of 3,000/s',
    goal: 'page',
    runs: afterRest(usual, (onset) => [answered(usual, () => 0.2), flood(step(0, 3000, onset))]),
  },
  { name: 'failover that doubles 60 %', goal: 'page', runs: failover(small, 0.6) },
  {
    name: 'ramp to 1.2 times in an hour',
    goal: 'page',
    runs: [
      {
        limit: small,
        onset: hour,
        seconds: 2 * hour,
        scrapeSeconds: 15,
        streams: [directReturn(small, between(0.1, 1.2, hour, 2 * hour))],
      },
    ],
  },
  {
    name: 'leak that fills in 64 h',
    goal: 'foretell',
    runs: [
      {
        limit: tiny,
        onset: 12 * hour,
        seconds: 84 * hour,
        scrapeSeconds: 60,
        streams: [
          answered(
            tiny,
            daily(0.05, () => 0.15),
          ),
          // One a second in a table of the usual size.
          leaked(step(0, 1 / 64, 12 * hour)),
        ],
      },
    ],
  },
  {
    name: 'two weeks of growth, peaks from 50 to 110 %',
    goal: 'foretell',
    runs: [
      {
        limit: tiny,
        onset: 0,
        seconds: 14 * day,
        scrapeSeconds: 120,
        streams: [
          directReturn(tiny, daily(0.1, between(0.3, 0.7, 0, 14 * day))),
          answered(tiny, daily(0.1, between(0.2, 0.4, 0, 14 * day))),
        ],
      },
    ],
  },
  {
    name: 'two-way, two days with peaks of 60 %',
    goal: 'silence',
    runs: [
      {
        limit: tiny,
        onset: 0,
        seconds: 2 * day,
        scrapeSeconds: 60,
        streams: [
          answered(
            tiny,
            daily(0.1, () => 0.6),
          ),
        ],
      },
    ],
  },
  {
    name: 'batch each hour, 20 to 63 %',
    goal: 'silence',
    runs: [
      {
        limit: small,
        onset: 0,
        seconds: 6 * hour,
        scrapeSeconds: 15,
        streams: [answered(small, (second) => (second % hour < 20 * minute ? 0.63 : 0.2))],
      },
    ],
  },
  { name: 'step that settles at 80 %', goal: 'silence', runs: stepTo(0.8) },
  { name: 'failover that doubles 40 %', goal: 'silence', runs: failover(small, 0.4) },
  {
    name: 'bursts of 10 s at 1.5 times',
    goal: 'silence',
    runs: [
      {
        limit: small,
        onset: 0,
        seconds: 2 * hour,
        scrapeSeconds: 15,
        streams: [
          answered(small, () => 0.1),
          // The period is no multiple of that of the scans.
          directReturn(small, (second) => (second > 0 && second % 421 < 10 ? 1.5 : 0)),
        ],
      },
    ],
  },
  {
    name: 'table flushed at 60 %',
    goal: 'silence',
    runs: disturbed(0.6, [{ at: warmUp, happen: ({ table }) => table.flush() }]),
  },
  {
    name: 'exporter restarted at 60 %',
    goal: 'silence',
    runs: disturbed(0.6, [
      { at: warmUp, happen: ({ stopExporter }) => stopExporter() },
      { at: warmUp + 20, happen: ({ startExporter }) => startExporter() },
    ]),
  },
  {
    name: 'no scrape for 10 min at 60 %',
    goal: 'silence',
    runs: disturbed(0.6, [
      { at: warmUp, happen: ({ setReachable }) => setReachable(false) },
      { at: warmUp + 10 * minute, happen: ({ setReachable }) => setReachable(true) },
    ]),
  },
  {
    name: 'limit halved at 35 %',
    goal: 'silence',
    runs: disturbed(0.35, [{ at: warmUp, happen: ({ table }) => table.setLimit(table.limit() / 2) }]),
  },
  ...inUseScenarios,
];

/** Some of them that take seconds. */
export const quickScenarios: readonly Scenario[] = [
  { name: 'step to 1.2 times what fits', goal: 'page', runs: stepTo(1.2, small).slice(0, 1) },
  { name: 'step to 1.5 times', goal: 'page', runs: stepTo(1.5, small).slice(0, 1) },
  { name: 'step to 3 times', goal: 'page', runs: stepTo(3, small).slice(0, 1) },
  { name: 'step that settles at 80 %', goal: 'silence', runs: stepTo(0.8, small).slice(0, 1) },
];
