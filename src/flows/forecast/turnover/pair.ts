import type { Census } from '../../census/census.ts';
import type { Timeouts } from '../../timeouts.ts';
import { secondsBetween } from './elapsed.ts';
import { allHashes, type FlowSample, hashOfKey, type SampledFlow } from './flow-sampler.ts';

/** A reading, as it is compared with the one before. */
export interface Reading {
  readonly atSeconds: number;
  readonly sample: FlowSample;
  readonly census: Census;
  readonly timeouts: Timeouts;
  /** False when entries left for a reason of their own since the reading before: the table evicted. */
  readonly undisturbed: boolean;
}

/** What is kept of a reading for the next one. */
export interface PastReading {
  readonly atSeconds: number;
  readonly sample: FlowSample;
  readonly complete: boolean;
  readonly live: number;
  /** Between the readings that were compared; 0 while there was none to compare with. */
  readonly intervalSeconds: number;
}

/** Two readings, and which flows of each can be looked for in the other. */
export interface Pair {
  readonly seconds: number;
  readonly past: PastReading;
  readonly flows: FlowSample['flows'];
  readonly timeouts: Timeouts;
  /** Hash and position up to which a flow of the earlier reading would have been met again, and one of the later before. */
  readonly below: number;
  readonly pastUpTo: number;
  readonly upTo: number;
  /** Part of the table in which a new flow is known to be one. */
  readonly share: number;
  readonly teaches: boolean;
}

/** Readings that stop at a limit have the first buckets of the table in common. So few flows in both are none. */
const fewestMet = 30;

/** The longest interval over which flows are compared, and the change of interval that is let pass. */
const maxInterval = 300;
const sameInterval = 0.2;

export function pairOf(
  past: PastReading,
  { atSeconds, sample, census, timeouts, undisturbed }: Reading,
): Pair | undefined {
  const seconds = secondsBetween(past.sample, sample, atSeconds - past.atSeconds);
  if (!(seconds >= 0) || seconds > maxInterval) return undefined;
  const met = [...sample.flows].filter(([key]) => past.sample.flows.has(key));
  const partial = !past.complete || !census.complete;
  if (partial && met.length < fewestMet) return undefined;
  const last = (positions: readonly number[]) => positions.reduce((most, position) => Math.max(most, position), 0);
  const upTo = past.complete ? sample.read : last(met.map(([, { position }]) => position)) + 1;
  const pastUpTo = census.complete
    ? past.sample.read
    : last(met.map(([key]) => past.sample.flows.get(key)?.position ?? 0)) + 1;
  const below = Math.min(sample.hashesBelow, past.sample.hashesBelow);
  const regular =
    past.intervalSeconds === 0 || Math.abs(seconds - past.intervalSeconds) <= sameInterval * past.intervalSeconds;
  return {
    seconds,
    past,
    flows: sample.flows,
    timeouts,
    below,
    pastUpTo,
    upTo,
    share: (below / allHashes) * (upTo / Math.max(1, sample.read)) * census.sampledRatio,
    teaches: undisturbed && regular && census.live.estimate >= past.live / 2,
  };
}

/** Whether the reading before would have met it. */
export function isCovered(key: number, { position }: SampledFlow, { below, upTo }: Pair): boolean {
  return hashOfKey(key) < below && position < upTo;
}
