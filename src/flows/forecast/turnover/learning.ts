import { hashOfKey } from './flow-sampler.ts';
import { ranOn, slackSeconds } from './followed.ts';
import { createOutcomes, learnOutcomes, type Outcomes, outcomeSpan } from './outcomes.ts';
import type { Pair } from './pair.ts';

/** By `classKey`: outcomes of flows that were new in their class, and of those that a packet had renewed. */
export type Learned = ReadonlyMap<string, LearnedClass>;

export interface LearnedClass {
  readonly fresh: Outcomes;
  readonly used: Outcomes;
}

export const learnedNothing: LearnedClass = { fresh: createOutcomes(), used: createOutcomes() };

/** Adds what became of the flows of the earlier reading to what is known. */
export function learnFrom({ past, flows, seconds, below, pastUpTo }: Pair, known: Learned): Learned {
  const latest = new Map<string, LearnedClass>();
  for (const [key, flow] of past.sample.flows) {
    const span = outcomeSpan(flow.remaining);
    if (span === undefined || hashOfKey(key) >= below || flow.position >= pastUpTo) continue;
    const { fresh, used } = latest.get(flow.classKey) ?? { fresh: createOutcomes(), used: createOutcomes() };
    latest.set(flow.classKey, { fresh, used });
    const { atRisk, ranOn: on } = flow.fresh === true ? fresh : used;
    const now = flows.get(key);
    const ran = now === undefined ? flow.remaining <= seconds + slackSeconds : ranOn(flow, now, seconds);
    atRisk[span] = (atRisk[span] ?? 0) + 1;
    on[span] = (on[span] ?? 0) + (ran ? 1 : 0);
  }
  const learned = new Map(known);
  for (const [name, { fresh, used }] of latest) {
    const before = known.get(name) ?? learnedNothing;
    learned.set(name, { fresh: learnOutcomes(before.fresh, fresh), used: learnOutcomes(before.used, used) });
  }
  return learned;
}
