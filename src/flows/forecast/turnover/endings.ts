import { sum } from '../../arithmetic.ts';
import type { ClassTally } from '../../census/class-tally.ts';
import { classKey, type FlowClass, hasState } from '../../classification/flow-class.ts';
import {
  chancesToRunOn,
  chancesToRunOut,
  type Outcomes,
  outcomeSpan,
  outcomeSpanSeconds,
  outcomeSpans,
} from './outcomes.ts';
import type { ClassTurnover, Turnover } from './turnover.ts';

/** How the flows of a class end. By span of the time left, see outcomes.ts. */
export interface Endings {
  /** The chance that a timer is not renewed, and its flow does not leave, during the interval. */
  readonly toRunOn: Float64Array;
  /** The chance that a timer is the flow's last. */
  readonly toRunOut: Float64Array;
  readonly intervalSeconds: number;
  /** Whether enough timers with so much time left were seen to run on or not. */
  hasEnough(remaining: number): boolean;
}

const enoughOutcomes = 20;

/** Undefined if one reading alone is not enough: nothing was compared, and the kernel neither stamps nor counts. */
export function endingsOf(turnover: Turnover | undefined, tally: ClassTally): Endings | undefined {
  const turned = turnover?.classes.get(classKey(tally));
  if (turnover === undefined || turned === undefined) return undefined;
  const known = turned.flows.filter(({ fresh }) => fresh !== undefined).length;
  if (!hasOutcomes(turned) && 2 * known < turned.flows.length) return undefined;
  // Within a shorter interval flows do not leave their span.
  const intervalSeconds = Math.max(turnover.intervalSeconds, outcomeSpanSeconds);
  const intervals = turnover.intervalSeconds > 0 ? intervalSeconds / turnover.intervalSeconds : 1;
  const { fresh } = turned;
  const used = tally.timer === 'once' ? fresh : turned.used;
  const repeated = (chance: number) => chance ** intervals;
  const runOn = {
    fresh: chancesToRunOn(fresh, isNeverRenewed(tally, fresh) ? 1 : assumedChance(tally, true)).map(repeated),
    used: chancesToRunOn(used, assumedChance(tally, false)).map(repeated),
  };
  const runOut = {
    fresh: chancesToRunOut(runOn.fresh, intervalSeconds),
    used: chancesToRunOut(runOn.used, intervalSeconds),
  };
  return {
    toRunOn: average(turned, runOn),
    toRunOut: average(turned, runOut),
    intervalSeconds,
    hasEnough: (remaining) => (turned.fresh.atRisk[outcomeSpan(remaining) ?? -1] ?? 0) >= enoughOutcomes,
  };
}

function hasOutcomes({ fresh, used }: ClassTurnover): boolean {
  return [fresh, used].some(({ atRisk }: Outcomes) => atRisk.some((flows) => flows > 0));
}

/**
 * What is assumed of a timer before any was seen to end. A flow that was renewed, or is assured, is in use. Of an
 * answered one it is open; one that is new and unanswered may be all that comes. A connection that is being opened or
 * closed does not go back.
 */
function assumedChance(flowClass: FlowClass, fresh: boolean): number {
  const { state, replied, assured } = flowClass;
  if (hasState(flowClass) && state !== 'ESTABLISHED') return 1;
  if (!fresh || assured) return 0;
  return replied ? 0.5 : 1;
}

/** Keepalives come more often than that, where there are any. */
const longSilenceSeconds = 300;
const nearlyAll = 0.995;

/** A long timer that no packet was seen to renew in most of that time: clients that never close. */
function isNeverRenewed({ timeoutSeconds = 0 }: ClassTally, { atRisk, ranOn }: Outcomes): boolean {
  const first = outcomeSpan(timeoutSeconds - longSilenceSeconds);
  if (first === undefined || timeoutSeconds <= longSilenceSeconds) return false;
  const wasSilent = (atRisk[first] ?? 0) >= enoughOutcomes;
  return wasSilent && sum(ranOn) >= nearlyAll * sum(atRisk);
}

/** Of the flows followed in each span, new and used ones as many as there are. */
function average({ flows }: ClassTurnover, chances: Readonly<Record<'fresh' | 'used', Float64Array>>): Float64Array {
  const counts = { fresh: new Uint32Array(outcomeSpans), used: new Uint32Array(outcomeSpans) };
  for (const { remaining, fresh } of flows) {
    const span = outcomeSpan(remaining);
    const count = fresh === true ? counts.fresh : counts.used;
    if (span !== undefined) count[span] = (count[span] ?? 0) + 1;
  }
  const mostlyFresh = 2 * flows.filter(({ fresh }) => fresh === true).length > flows.length;
  return chances.fresh.map((ofFresh, span) => {
    const [fresh = 0, used = 0] = [counts.fresh[span], counts.used[span]];
    const ofUsed = chances.used[span] ?? 0;
    if (fresh + used === 0) return mostlyFresh ? ofFresh : ofUsed;
    return (fresh * ofFresh + used * ofUsed) / (fresh + used);
  });
}
