import { sum } from '../../arithmetic.ts';
import { remainingLimitSeconds } from '../../census/class-tally.ts';
import type { Endings } from './endings.ts';
import { outcomeSpan, outcomeSpanSeconds, spanLater } from './outcomes.ts';

/**
 * Entries whose timer is set once may leave before it runs out: a TIME_WAIT entry does when its client uses the port
 * again, a SYN_SENT one when its client sends a RST. How many do at which age is seen between readings.
 */
export interface Survival {
  /** Of new entries, the parts that stay for so long. Together 1. */
  readonly stays: readonly Stay[];
  /** New entries per second in the past, by those that are left of them. */
  readonly perSecond: number;
  /** Present entries that leave early, by the second from now, and those whose timer runs out. */
  readonly leaving: Float64Array;
  readonly expiring: Float64Array;
}

/** A part of the new entries, 0 to 1. */
export interface Stay {
  readonly part: number;
  readonly seconds: number;
  /** Whether it is the timer that ends it. */
  readonly expires: boolean;
}

/** Fewer than this leave early: it is all the same. */
const nearlyAll = 0.95;

/** Undefined when entries stay to the end. @param remaining entries by seconds left. */
export function surviveOf(
  { toRunOn, intervalSeconds }: Endings,
  remaining: ArrayLike<number>,
  timeoutSeconds: number,
): Survival | undefined {
  const first = outcomeSpan(timeoutSeconds - 1);
  if (first === undefined || intervalSeconds <= 0) return undefined;
  const fresh = courseFrom(first, toRunOn, intervalSeconds);
  const chanceToEnd = fresh.at(-1) ?? 1;
  if (chanceToEnd >= nearlyAll) return undefined;
  return {
    stays: [
      ...earlyStays(fresh, intervalSeconds, timeoutSeconds),
      { part: chanceToEnd, seconds: timeoutSeconds, expires: true },
    ],
    perSecond: pastRate(remaining, fresh, intervalSeconds, timeoutSeconds),
    ...leave(remaining, toRunOn, intervalSeconds),
  };
}

/** The part that is left after 0, 1, 2, ... intervals, up to the last before the timer runs out. */
function courseFrom(span: number, toRunOn: Float64Array, intervalSeconds: number): number[] {
  const left = [1];
  for (let at: number | undefined = span; at !== undefined; at = spanLater(at, intervalSeconds)) {
    if (spanLater(at, intervalSeconds) === undefined) break;
    left.push((left.at(-1) ?? 0) * (toRunOn[at] ?? 1));
  }
  return left;
}

/** Straight lines between the points; after the last one it stays. */
function partLeft(course: readonly number[], seconds: number, intervalSeconds: number): number {
  const step = Math.floor(seconds / intervalSeconds);
  const before = course[step] ?? course.at(-1) ?? 1;
  const after = course[step + 1] ?? before;
  return before + (after - before) * (seconds / intervalSeconds - step);
}

/** Entries that leave within so many seconds leave in the middle of them. */
const staySpan = outcomeSpanSeconds;

function earlyStays(course: readonly number[], intervalSeconds: number, timeoutSeconds: number): Stay[] {
  const spans = Math.ceil(timeoutSeconds / staySpan);
  return Array.from({ length: spans }, (_, index): Stay => {
    const [from, to] = [index * staySpan, Math.min(timeoutSeconds, (index + 1) * staySpan)];
    const part = partLeft(course, from, intervalSeconds) - partLeft(course, to, intervalSeconds);
    return { part, seconds: (from + to) / 2, expires: false };
  }).filter(({ part }) => part > 0);
}

/** The latest seconds are left out: they show a rise. */
const latestSeconds = 30;

function pastRate(
  remaining: ArrayLike<number>,
  course: readonly number[],
  intervalSeconds: number,
  timeoutSeconds: number,
): number {
  const from = timeoutSeconds > 2 * latestSeconds ? latestSeconds : 0;
  const ages = Array.from({ length: Math.max(0, Math.floor(timeoutSeconds) - from) }, (_, index) => from + index);
  const entries = sum(ages.map((age) => remaining[timeoutSeconds - 1 - age] ?? 0));
  const seconds = sum(ages.map((age) => partLeft(course, age + 0.5, intervalSeconds)));
  return seconds >= 1 ? entries / seconds : Number.POSITIVE_INFINITY;
}

function leave(remaining: ArrayLike<number>, toRunOn: Float64Array, intervalSeconds: number) {
  const leaving = new Float64Array(remainingLimitSeconds);
  const expiring = new Float64Array(remainingLimitSeconds);
  for (let left = 0; left < remainingLimitSeconds; left++) {
    const entries = remaining[left] ?? 0;
    if (entries === 0) continue;
    const course = courseFrom(Math.floor(left / outcomeSpanSeconds), toRunOn, intervalSeconds);
    for (let second = 0; second < left; second++) {
      const gone = partLeft(course, second, intervalSeconds) - partLeft(course, second + 1, intervalSeconds);
      leaving[second] = (leaving[second] ?? 0) + entries * gone;
    }
    expiring[left] = (expiring[left] ?? 0) + entries * partLeft(course, left, intervalSeconds);
  }
  return { leaving: noFasterThanNow(leaving, intervalSeconds), expiring };
}

/** As many as now leave early: who uses ports again does not use those of others. Those on top stay to the end. */
function noFasterThanNow(leaving: Float64Array, intervalSeconds: number): Float64Array {
  const latest = leaving.subarray(0, Math.max(1, Math.round(intervalSeconds)));
  const most = usualChange * (sum(latest) / latest.length);
  return leaving.map((entries) => Math.min(entries, most));
}

/** A rate that is higher than this times the one before is a rise. */
export const usualChange = 1.25;
