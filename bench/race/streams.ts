import { scanIntervalSeconds } from '../../src/identity/scan-interval.ts';
import { opened, server, twoWay } from '../../test/flows/traffic.ts';
import type { Stream } from './lanes.ts';
import type { Run } from './scenario.ts';
import type { Event } from './simulation.ts';

export const minute = 60;
export const hour = 3600;
export const day = 24 * hour;

/** The limit of a machine with more than 4 GB. */
export const usual = 262_144;
export const large = 4 * usual;
/** Smaller tables, so that hours and days take seconds. With fewer flows chance has more effect. */
export const small = usual / 8;
export const tiny = usual / 64;

/** A part of the table that flows hold for good, 0 to 1 and above, by the time. */
type Share = (second: number) => number;

export const step =
  (before: number, after: number, at: number): Share =>
  (second) =>
    second < at ? before : after;

/** From one share to another in a straight line. */
export const between =
  (before: number, after: number, from: number, to: number): Share =>
  (second) =>
    before + (after - before) * Math.min(1, Math.max(0, (second - from) / (to - from)));

/** A low share at four in the morning, a high one at four in the afternoon. */
export const daily =
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
export function directReturn(limit: number, share: Share, host = 100): Stream {
  const arrivals = perSecond(limit, share, synSentSeconds);
  return { ...opened(arrivals, { destination: server(host) }), clients: 20_000, invalidPackets: 3 };
}

/** Web servers that are answered through the hop. */
export function answered(limit: number, share: Share): Stream {
  const arrivals = perSecond(limit, share, connectionSeconds + timeWaitSeconds);
  return { ...twoWay(arrivals, connectionSeconds, { destination: server(10), port: 443 }), clients: 20_000 };
}

/** Openings from invented addresses, to a server that answers past the hop. */
export function flood(perSecond: (second: number) => number): Stream {
  return opened(perSecond, { destination: server(101), port: 443 });
}

export const warmUp = 20 * minute;

/** Between two scans. */
const phases = [1, 5, 9, 13];

/** Something that begins after a time of rest, at each of the phases. */
export function afterRest(limit: number, streams: (onset: number) => readonly Stream[]): Run[] {
  return phases.map((phase) => {
    const onset = warmUp + phase;
    return { limit, onset, seconds: onset + 10 * minute, scrapeSeconds: 15, streams: streams(onset) };
  });
}

export function stepTo(share: number, limit = usual): Run[] {
  return afterRest(limit, (onset) => [
    directReturn(limit, step(0.05, share - 0.05, onset)),
    answered(limit, () => 0.05),
  ]);
}

/**
 * Two directors behind one hop have half of the connections each, this share of the table. Those new to the
 * hop are picked up with their next packet and are ESTABLISHED until they end.
 */
export function failover(limit: number, each: number): Run[] {
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
export function disturbed(share: number, events: readonly Event[]): Run[] {
  const streams = [directReturn(small, () => share / 2), answered(small, () => share / 2)];
  return [{ limit: small, onset: warmUp, seconds: warmUp + hour, scrapeSeconds: 15, streams, events }];
}
