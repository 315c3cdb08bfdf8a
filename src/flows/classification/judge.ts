import type { Census } from '../census/census.ts';
import { destinationKey } from '../census/destination-key.ts';
import type { DestinationTally } from '../census/destination-tally.ts';
import { type IdleMark, isAging, moveMark } from './aging.ts';
import { type Circumstances, type Evidence, gatherEvidence } from './evidence.ts';
import { advance, isWorthRemembering, noStance, type Stance } from './hysteresis.ts';
import { formOpinion, type Ground, type Opinion } from './verdict.ts';
import { type Verdict, verdictKinds } from './verdict-kinds.ts';

/** What the table's destinations are, and what to remember for the next scan. */
export interface Judgement {
  readonly findings: readonly JudgedDestination[];
  readonly memory: Memory;
}

/** The verdict on a destination that holds a notable share of the table. */
export interface JudgedDestination {
  readonly destination: DestinationTally;
  readonly verdict: Verdict | 'none';
  /** What decided it when it was made. */
  readonly ground: Ground;
  /** Of the present scan. */
  readonly evidence: Evidence;
}

/** By `destinationKey`. Begin with an empty one. */
export type Memory = ReadonlyMap<string, Standing>;

interface Standing extends Stance<Verdict> {
  readonly ground: Ground;
  /** Arrivals when it was last seen to answer. */
  readonly twoWayPerSecond: number | undefined;
  readonly idleMark: IdleMark | undefined;
}

const unknown: Standing = {
  ...noStance,
  ground: 'little evidence',
  twoWayPerSecond: undefined,
  idleMark: undefined,
};

/** Judges the destinations of a census. A verdict begins, changes and ends only after several scans in a row with the same result. */
export function judge(memory: Memory, census: Census, circumstances: Circumstances): Judgement {
  const next = new Map<string, Standing>();
  const findings: JudgedDestination[] = [];
  for (const destination of census.destinations) {
    const key = destinationKey(destination);
    const before = passTime(memory.get(key) ?? unknown, circumstances);
    const evidence = gatherEvidence(census, destination, circumstances, isAging(census, destination, before.idleMark));
    const opinion = formOpinion(destination, evidence, before.verdict, before.twoWayPerSecond);
    const standing = { ...weigh(before, opinion, evidence), idleMark: moveMark(before.idleMark, destination) };
    if (isToKeep(standing)) next.set(key, standing);
    if (standing.verdict !== 'none' || opinion.verdict !== 'none') {
      findings.push({ destination, verdict: standing.verdict, ground: standing.ground, evidence });
    }
  }
  return { findings, memory: withMissing(next, memory, census) };
}

function isToKeep(standing: Standing): boolean {
  return isWorthRemembering(standing) || standing.twoWayPerSecond !== undefined || standing.idleMark !== undefined;
}

function passTime(standing: Standing, { elapsedSeconds = 0 }: Circumstances): Standing {
  const { idleMark } = standing;
  return idleMark === undefined
    ? standing
    : { ...standing, idleMark: { ...idleMark, ageSeconds: idleMark.ageSeconds + elapsedSeconds } };
}

/** A destination that is not listed now is forgotten as slowly as any verdict is. */
function withMissing(next: Map<string, Standing>, memory: Memory, census: Census): Memory {
  const listed = new Set(census.destinations.map(destinationKey));
  for (const [key, before] of memory) {
    if (listed.has(key)) continue;
    const standing = adopt(before, { verdict: 'none', ground: 'little evidence' });
    if (isWorthRemembering(standing)) next.set(key, standing);
  }
  return next;
}

/** The beginning of a flood is not to pass for the traffic of a service. */
const maxGrowth = 1.5;

function weigh(before: Standing, opinion: Opinion, { arrivalsPerSecond }: Evidence): Standing {
  const after = adopt(before, opinion);
  if (after.verdict !== 'two_way' || opinion.verdict !== 'two_way') return after;
  const most = maxGrowth * (before.twoWayPerSecond ?? Number.POSITIVE_INFINITY);
  return { ...after, twoWayPerSecond: Math.min(arrivalsPerSecond, most) };
}

function adopt(before: Standing, { verdict, ground }: Opinion): Standing {
  // A scan that cannot show what kind of one-way flows these are leaves a verdict that could.
  const outlasts = before.verdict !== 'none' && verdictKinds[before.verdict].outlastsDoubt;
  if (verdict === 'undecided') return outlasts ? before : adopt(before, { verdict: 'unanswered', ground });
  const after = advance(before, verdict);
  return { ...before, ...after, ground: after.verdict === before.verdict ? before.ground : ground };
}
