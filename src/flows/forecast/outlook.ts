import { mean, sum } from '../arithmetic.ts';
import type { Census } from '../census/census.ts';
import { type ClassTally, remainingLimitSeconds } from '../census/class-tally.ts';
import { classKey, type Timer } from '../classification/flow-class.ts';
import { columnByQuiet, columnByTimer, columns, spanSeconds } from './arrival-columns.ts';
import { estimateRate } from './arrival-rate.ts';

/** What is to be expected of the flows of one class, in entries of the table. */
export interface Outlook {
  readonly key: string;
  readonly timer: Timer;
  readonly timeoutSeconds: number;
  readonly entries: number;
  /** Flows that enter the class for a stay of `timeoutSeconds`: for `renewed`, ones that were just used the last time. */
  readonly perSecond: number;
  /** Flows expected to be renewed as long as things are as they are. */
  readonly staying: number;
  /** Flows expected to expire in the seconds from now, by second. The rest of them expires later. */
  readonly expiring: Float64Array;
}

export function outlookOf({ scale }: Census, tally: ClassTally): Outlook {
  const { timer, timeoutSeconds = Number.POSITIVE_INFINITY, entries } = tally;
  const perSecond = inflow(tally) * scale;
  const expiring = expiringFlows(tally, perSecond / scale).map((flows) => flows * scale);
  const leaving = timer === 'once' ? entries * scale : sum(expiring);
  return {
    key: classKey(tally),
    timer,
    timeoutSeconds,
    entries: entries * scale,
    perSecond,
    staying: Math.max(0, entries * scale - leaving),
    expiring,
  };
}

/** Flows read that enter the class per second. Unlike arrivals, from timers alone and for classes that are not new. */
function inflow({ timer, timeoutSeconds, remaining }: ClassTally): number {
  if (timer === 'open' || timeoutSeconds === undefined) return 0;
  const column = timer === 'once' ? columnByTimer : columnByQuiet;
  const counts = new Uint32Array(columns);
  for (let left = 0; left < remainingLimitSeconds; left++) {
    const index = column(timeoutSeconds - left);
    counts[index] = (counts[index] ?? 0) + (remaining[left] ?? 0);
  }
  return estimateRate(counts, timeoutSeconds).perSecond;
}

/**
 * Of flows whose timer each packet renews, those in use will not expire. They are what is more in any second than fell
 * silent in it: than the present rate, or the rate of those that are in their last seconds and so were not renewed.
 */
function expiringFlows({ timer, timeoutSeconds, remaining }: ClassTally, perSecond: number): Float64Array {
  const all = Float64Array.from(remaining.subarray(0, remainingLimitSeconds));
  if (timer === 'once') return all;
  if (timer === 'open' || timeoutSeconds === undefined) return all.fill(0);
  const last = all.subarray(0, Math.min(spanSeconds, timeoutSeconds));
  const silent = Math.max(perSecond, last.length > 0 ? mean([...last]) : 0);
  return all.map((flows) => Math.min(flows, silent));
}
