import { mean, sum } from '../arithmetic.ts';
import type { Census } from '../census/census.ts';
import { type ClassTally, remainingLimitSeconds } from '../census/class-tally.ts';
import { columnByTimer, columns } from './arrival-columns.ts';
import { estimateRate, latestRate } from './arrival-rate.ts';
import { movedPart } from './turnover/closings.ts';
import { type CustomTimer, customTimerOf } from './turnover/custom-timer.ts';
import { type Endings, endingsOf } from './turnover/endings.ts';
import { outcomeSpan, outcomeSpanSeconds } from './turnover/outcomes.ts';
import { surviveOf, usualChange } from './turnover/survival.ts';
import type { Turnover } from './turnover/turnover.ts';

/** Flows that enter the table, or a class of it, for a known time. */
export interface Inflow {
  readonly perSecond: number;
  /** Up to the end of their timer, or to where they leave before it. */
  readonly staySeconds: number;
  /** The part of them that is then left to the garbage collector, 0 to 1. */
  readonly expires: number;
}

/** The expected flows of one class, in entries of the table. */
export interface Outlook {
  readonly entries: number;
  readonly inflows: readonly Inflow[];
  /** Flows expected to be there as long as things are as they are. */
  readonly staying: number;
  /** Flows whose timer is expected to run out, by the second from now. The rest of them expires later. */
  readonly expiring: Float64Array;
  /** Flows expected to leave before that, by the second from now. */
  readonly leaving: Float64Array;
}

/** @param turnover what is known from the readings before, with the present one compared. */
export function outlooksOf(census: Census, turnover?: Turnover): Outlook[] {
  return census.classes.map((tally) => outlookOf(census, tally, turnover));
}

function outlookOf(census: Census, tally: ClassTally, turnover: Turnover | undefined): Outlook {
  const endings = endingsOf(turnover, tally);
  const custom = customTimerOf(turnover, tally);
  const outlook = countOutlook(tally, endings, custom !== undefined);
  const expected = scaled(outlook, census.scale, custom && customInflows(custom, endings, tally));
  const moved = movedPart(turnover, tally, sum(expected.inflows.map(({ perSecond }) => perSecond)));
  return moved === 0 ? expected : { ...expected, inflows: expected.inflows.map((inflow) => slower(inflow, moved)) };
}

function slower(inflow: Inflow, part: number): Inflow {
  return { ...inflow, perSecond: inflow.perSecond * (1 - part) };
}

function countOutlook(tally: ClassTally, endings: Endings | undefined, custom: boolean): Outlook {
  if (staysOpen(tally) && !custom) return { ...nothing, entries: tally.entries, staying: tally.entries };
  if (tally.timer === 'once' && (endings !== undefined || !tally.replied)) return outlookOfSetOnce(tally, endings);
  return endings === undefined ? outlookAtRest(tally) : outlookOfRenewed(tally, endings);
}

const none = new Float64Array(remainingLimitSeconds);
const nothing: Outlook = { entries: 0, inflows: [], staying: 0, expiring: none, leaving: none };

/** A timer that is so long, or unknown, shows nothing of when a flow ends. */
function staysOpen({ timeoutSeconds }: ClassTally): boolean {
  return timeoutSeconds === undefined || timeoutSeconds > remainingLimitSeconds;
}

function outlookOfSetOnce(tally: ClassTally, endings: Endings | undefined): Outlook {
  const { entries, remaining, timeoutSeconds = Number.POSITIVE_INFINITY } = tally;
  const perSecond = entering(tally);
  const survival = endings && surviveOf(endings, remaining, timeoutSeconds);
  if (survival === undefined) {
    const inflows = [{ perSecond, staySeconds: timeoutSeconds, expires: 1 }];
    return { ...nothing, entries, inflows, expiring: Float64Array.from(remaining.subarray(0, remainingLimitSeconds)) };
  }
  const { stays, leaving, expiring } = survival;
  // As many as before leave early. Those that come on top have not been seen to.
  const more = Math.max(0, perSecond - usualChange * survival.perSecond);
  const inflows = [
    ...stays.map(({ part, seconds, expires }) => {
      return { perSecond: (perSecond - more) * part, staySeconds: seconds, expires: expires ? 1 : 0 };
    }),
    { perSecond: more, staySeconds: timeoutSeconds, expires: 1 },
  ];
  return { ...nothing, entries, inflows, leaving, expiring };
}

/** Flows read that enter the class per second. Unlike arrivals, also for classes that are not new. */
function entering({ timeoutSeconds = 0, remaining }: ClassTally): number {
  const counts = new Uint32Array(columns);
  for (let left = 0; left < remainingLimitSeconds; left++) {
    const index = columnByTimer(timeoutSeconds - left);
    counts[index] = (counts[index] ?? 0) + (remaining[left] ?? 0);
  }
  return estimateRate(counts, timeoutSeconds).perSecond;
}

/** From the flows that a timer is the last of: those in use are expected to be renewed. */
function outlookOfRenewed(
  { entries, remaining, timeoutSeconds = 0 }: ClassTally,
  { toRunOut, hasEnough }: Endings,
): Outlook {
  const expiring = Float64Array.from(remaining.subarray(0, remainingLimitSeconds), (flows, left) => {
    return flows * (toRunOut[outcomeSpan(left) ?? 0] ?? 0);
  });
  const perSecond = fallingSilent(expiring, timeoutSeconds, !hasEnough(timeoutSeconds - 1));
  const inflows = [{ perSecond, staySeconds: timeoutSeconds, expires: 1 }];
  return { ...nothing, entries, inflows, expiring, staying: entries - sum(expiring) };
}

/** The rate is that of the latest seconds, at most so many. */
const silentSpans = 12;

/**
 * The latest span is left out until it is known how its flows end: those that send more often are all in it. The spans
 * are those of the outcomes, in each of which the flows that end are known together, not one by one.
 */
function fallingSilent(expiring: Float64Array, timeoutSeconds: number, skipsLatest: boolean): number {
  const first = Math.floor((timeoutSeconds - 1) / outcomeSpanSeconds);
  const spans = Array.from({ length: Math.min(first + 1, silentSpans) }, (_, index) => {
    const from = (first - index) * outcomeSpanSeconds;
    const seconds = Math.min(outcomeSpanSeconds, timeoutSeconds - from);
    return { flows: sum(expiring.subarray(from, from + seconds)), seconds };
  });
  return latestRate(skipsLatest && spans.length > 1 ? spans.slice(1) : spans).perSecond;
}

/**
 * From one reading alone: as many are taken to leave as are about to, and to come as well. Flows in use never get so
 * far; nor do new ones, for which the next reading is waited for.
 */
const lastSeconds = 2;

function outlookAtRest({ entries, remaining, timeoutSeconds = 0 }: ClassTally): Outlook {
  const last = [...remaining.subarray(0, Math.min(lastSeconds, timeoutSeconds))];
  const perSecond = last.length > 0 ? mean(last) : 0;
  const expiring = Float64Array.from(remaining.subarray(0, remainingLimitSeconds), (flows) =>
    Math.min(flows, perSecond),
  );
  const inflows = [{ perSecond, staySeconds: timeoutSeconds, expires: 1 }];
  return { ...nothing, entries, inflows, expiring, staying: entries - sum(expiring) };
}

/** In a class with a timer that no setting explains, the time left does not show the age: new flows are those not met before. */
function customInflows(
  { perSecond, othersPerSecond, timeoutSeconds }: CustomTimer,
  endings: Endings | undefined,
  tally: ClassTally,
): Inflow[] {
  const inflow = (flows: number, seconds: number): Inflow => ({
    perSecond: flows * (tally.timer === 'once' ? 1 : (endings?.toRunOut[outcomeSpan(seconds - 1) ?? -1] ?? 0)),
    staySeconds: seconds,
    expires: 1,
  });
  return [inflow(perSecond, timeoutSeconds), inflow(othersPerSecond, tally.timeoutSeconds ?? 0)];
}

function scaled(outlook: Outlook, scale: number, instead: readonly Inflow[] | undefined): Outlook {
  const times = (flows: Float64Array) => (scale === 1 || flows === none ? flows : flows.map((one) => one * scale));
  const inflows = instead ?? outlook.inflows.map((inflow) => ({ ...inflow, perSecond: inflow.perSecond * scale }));
  return {
    entries: outlook.entries * scale,
    inflows: inflows.filter(({ perSecond }) => perSecond > 0),
    staying: Math.max(0, outlook.staying * scale),
    expiring: times(outlook.expiring),
    leaving: times(outlook.leaving),
  };
}
