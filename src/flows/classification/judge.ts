import type { Census } from '../census/census.ts';
import { destinationKey } from '../census/destination-key.ts';
import type { DestinationTally } from '../census/destination-tally.ts';
import { type Circumstances, type Evidence, gatherEvidence } from './evidence.ts';
import { formOpinion, type Ground, type Opinion } from './verdict.ts';
import { type Verdict, verdictKinds } from './verdict-kinds.ts';

/** What the table's destinations are, and what is to be remembered for the next scan. */
export interface Judgement {
  readonly findings: readonly Finding[];
  readonly memory: Memory;
}

/** The verdict on a destination that holds a notable share of the table. */
export interface Finding {
  readonly destination: DestinationTally;
  readonly verdict: Verdict | 'none';
  /** What decided it when it was made. */
  readonly ground: Ground;
  /** Of the present scan. */
  readonly evidence: Evidence;
}

/** By `destinationKey`. Begin with an empty one. */
export type Memory = ReadonlyMap<string, Standing>;

interface Standing {
  readonly verdict: Verdict | 'none';
  readonly ground: Ground;
  /** A different verdict of the last scans in a row, and how many they are. */
  readonly contender: Verdict | 'none';
  readonly scans: number;
  /** Arrivals when it was last seen to answer. */
  readonly twoWayPerSecond: number | undefined;
}

/** Scans in a row that make a first verdict, and that change or end one. */
const scansToBegin = 2;
const scansToChange = 3;

const unknown: Standing = {
  verdict: 'none',
  ground: 'little evidence',
  contender: 'none',
  scans: 0,
  twoWayPerSecond: undefined,
};

/** Judges the destinations of a census. A verdict begins, changes and ends only when several scans in a row say so. */
export function judge(memory: Memory, census: Census, circumstances: Circumstances): Judgement {
  const next = new Map<string, Standing>();
  const findings: Finding[] = [];
  for (const destination of census.destinations) {
    const key = destinationKey(destination);
    const before = memory.get(key) ?? unknown;
    const evidence = gatherEvidence(census, destination, circumstances);
    const opinion = formOpinion(destination, evidence, before.verdict, before.twoWayPerSecond);
    const standing = weigh(before, opinion, evidence);
    if (isWorthRemembering(standing) || standing.twoWayPerSecond !== undefined) next.set(key, standing);
    if (standing.verdict !== 'none' || opinion.verdict !== 'none') {
      findings.push({ destination, verdict: standing.verdict, ground: standing.ground, evidence });
    }
  }
  return { findings, memory: withMissing(next, memory, census) };
}

/** A destination that is not told of now is forgotten as slowly as any verdict is. */
function withMissing(next: Map<string, Standing>, memory: Memory, census: Census): Memory {
  const told = new Set(census.destinations.map(destinationKey));
  for (const [key, before] of memory) {
    if (told.has(key)) continue;
    const standing = advance(before, { verdict: 'none', ground: 'little evidence' });
    if (isWorthRemembering(standing)) next.set(key, standing);
  }
  return next;
}

function isWorthRemembering({ verdict, contender }: Standing): boolean {
  return verdict !== 'none' || contender !== 'none';
}

/** The beginning of a flood is not to pass for the traffic of a service. */
const mostGrowth = 1.5;

function weigh(before: Standing, opinion: Opinion, { arrivalsPerSecond }: Evidence): Standing {
  const after = advance(before, opinion);
  if (after.verdict !== 'two_way' || opinion.verdict !== 'two_way') return after;
  const most = mostGrowth * (before.twoWayPerSecond ?? Number.POSITIVE_INFINITY);
  return { ...after, twoWayPerSecond: Math.min(arrivalsPerSecond, most) };
}

function advance(before: Standing, { verdict, ground }: Opinion): Standing {
  // A scan that cannot tell what kind of half-seen flows these are leaves a verdict that could.
  const outlasts = before.verdict !== 'none' && verdictKinds[before.verdict].outlastsDoubt;
  if (verdict === 'undecided') return outlasts ? before : advance(before, { verdict: 'unanswered', ground });
  if (verdict === before.verdict) return { ...before, contender: verdict, scans: 0 };
  const scans = verdict === before.contender ? before.scans + 1 : 1;
  const enough = before.verdict === 'none' ? scansToBegin : scansToChange;
  return scans < enough
    ? { ...before, contender: verdict, scans }
    : { ...before, verdict, ground, contender: verdict, scans: 0 };
}
