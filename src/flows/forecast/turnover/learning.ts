import { slackSeconds } from './elapsed.ts';
import { hashOfKey, type SampledFlow } from './flow-sampler.ts';
import { ranOn } from './followed.ts';
import { addOutcome, createOutcomes, learnOutcomes, type Outcomes, outcomeSpan } from './outcomes.ts';
import type { Pair } from './pair.ts';

/**
 * By `classKey`: outcomes of flows that were new in their class, and of those that a packet had renewed. A timer that no
 * packet renews is the same for both: all outcomes are in `fresh`.
 */
export type Learned = ReadonlyMap<string, LearnedClass>;

export interface LearnedClass {
  readonly fresh: Outcomes;
  readonly used: Outcomes;
  /** Part of the flows that were not met again before their time in the latest interval, 0 to 1. */
  readonly vanished: number;
}

export const learnedNothing: LearnedClass = { fresh: createOutcomes(), used: createOutcomes(), vanished: 0 };

/** Adds what became of the flows of the earlier reading to what is known. */
export function learnFrom(pair: Pair, known: Learned): Learned {
  const learned = new Map(known);
  for (const [name, fates] of fatesByClass(pair)) {
    const before = known.get(name) ?? learnedNothing;
    const vanished = fates.filter(({ fate }) => fate === 'vanished').length / fates.length;
    const { fresh, used } = outcomesOf(fates, vanished > 0 ? Math.min(1, before.vanished / vanished) : 0);
    learned.set(name, {
      fresh: learnOutcomes(before.fresh, fresh, pair.seconds),
      used: learnOutcomes(before.used, used, pair.seconds),
      vanished,
    });
  }
  return learned;
}

/** What became of a flow: its timer ran on, a packet renewed it or ended its class, or it is gone before its timer ran out. */
type Fate = 'ran on' | 'changed' | 'vanished';

interface Followed {
  readonly flow: SampledFlow;
  readonly span: number;
  readonly fate: Fate;
}

function fatesByClass({ past, flows, seconds, below, pastUpTo }: Pair): ReadonlyMap<string, readonly Followed[]> {
  const classes = new Map<string, Followed[]>();
  for (const [key, flow] of past.sample.flows) {
    const span = outcomeSpan(flow.remaining);
    if (span === undefined || hashOfKey(key) >= below || flow.position >= pastUpTo) continue;
    const fates = classes.get(flow.classKey) ?? [];
    classes.set(flow.classKey, fates);
    fates.push({ flow, span, fate: fateOf(flow, flows.get(key), seconds) });
  }
  return classes;
}

function fateOf(flow: SampledFlow, now: SampledFlow | undefined, seconds: number): Fate {
  if (now === undefined) return flow.remaining <= seconds + slackSeconds ? 'ran on' : 'vanished';
  return ranOn(flow, now, seconds) ? 'ran on' : 'changed';
}

/**
 * Entries vanish when an operator or a program deletes them (`conntrack -F`, Neutron's agent, kube-proxy), and later
 * entries do not. So a vanished timer that is set once counts as one that ran on, except for the part that vanished in
 * the interval before as well: clients that reset each connection go on doing so. A vanished flow whose timer packets
 * renew is not counted: it may have been in use or silent.
 */
function outcomesOf(fates: readonly Followed[], credible: number): Pick<LearnedClass, 'fresh' | 'used'> {
  const outcomes = { fresh: createOutcomes(), used: createOutcomes() };
  for (const { flow, span, fate } of fates) {
    if (fate === 'vanished' && !flow.setOnce) continue;
    const chances = { 'ran on': 1, changed: 0, vanished: 1 - credible };
    addOutcome(flow.setOnce || flow.fresh === true ? outcomes.fresh : outcomes.used, span, chances[fate]);
  }
  return outcomes;
}
