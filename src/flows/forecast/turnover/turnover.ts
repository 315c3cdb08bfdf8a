import { groupBy } from '../../../identity/group-by.ts';
import { classKey } from '../../classification/flow-class.ts';
import { type Births, birthsOf } from './births.ts';
import type { FlowSample, SampledFlow } from './flow-sampler.ts';
import { follow } from './followed.ts';
import { type Learned, type LearnedClass, learnedNothing, learnFrom } from './learning.ts';
import { type Pair, type PastReading, pairOf, type Reading } from './pair.ts';

/** What is known of flows from having met them again: which are new, which are in use, which left. */
export interface Turnover extends PastReading {
  /** By `classKey`. */
  readonly classes: ReadonlyMap<string, ClassTurnover>;
}

export interface ClassTurnover extends LearnedClass {
  /** New entries of the table that were first met in this class, the latest interval first. */
  readonly births: readonly Births[];
  /** Flows followed now. */
  readonly flows: readonly SampledFlow[];
}

/** Compares a reading with the one before it. */
export function followFlows(past: Turnover | undefined, reading: Reading): Turnover {
  const { atSeconds, sample, census } = reading;
  const pair = past && pairOf(past, reading);
  // A recording returns the same reading until it has another one.
  if (past && pair?.seconds === 0) return past;
  const tallies = new Map(census.classes.map((tally) => [classKey(tally), tally]));
  for (const [key, flow] of sample.flows) follow(key, flow, tallies.get(flow.classKey), pair);
  const known: Learned = past?.classes ?? new Map();
  const learned = pair?.teaches ? learnFrom(pair, known) : known;
  return {
    atSeconds,
    sample,
    complete: census.complete,
    live: census.live.estimate,
    intervalSeconds: pair?.teaches ? pair.seconds : (past?.intervalSeconds ?? 0),
    classes: joinClasses(learned, new Set([...learned.keys(), ...tallies.keys()]), sample.flows, past?.classes, pair),
  };
}

/** Intervals whose new flows are remembered. */
const maxBirths = 4;

function joinClasses(
  learned: Learned,
  names: ReadonlySet<string>,
  followed: FlowSample['flows'],
  past: Turnover['classes'] | undefined,
  pair: Pair | undefined,
): Turnover['classes'] {
  const flows = groupBy(followed.values(), ({ classKey }) => classKey);
  return new Map(
    [...names].map((name) => {
      const there = flows.get(name) ?? [];
      const births = pair ? [birthsOf(there, pair), ...(past?.get(name)?.births ?? [])].slice(0, maxBirths) : [];
      return [name, { ...(learned.get(name) ?? learnedNothing), births, flows: there }];
    }),
  );
}
