import { sum } from '../../arithmetic.ts';
import { remainingLimitSeconds } from '../../census/class-tally.ts';
import { slackSeconds } from './elapsed.ts';
import type { Endings } from './endings.ts';
import { outcomeSpan, outcomeSpanSeconds } from './outcomes.ts';

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
  endings: Endings,
  remaining: ArrayLike<number>,
  timeoutSeconds: number,
): Survival | undefined {
  if (outcomeSpan(timeoutSeconds - 1) === undefined || endings.intervalSeconds <= 0) return undefined;
  const course = courseOf(endings, timeoutSeconds);
  const chanceToEnd = course.at(-1) ?? 1;
  if (chanceToEnd >= nearlyAll) return undefined;
  return {
    stays: [...earlyStays(course), { part: chanceToEnd, seconds: timeoutSeconds, expires: true }],
    perSecond: pastRate(remaining, course, timeoutSeconds),
    ...leave(remaining, course, timeoutSeconds, endings.intervalSeconds),
  };
}

/**
 * The part of the entries that is there in the middle of each span of age. Which part of those of an age is there an
 * interval later was seen; within the first interval they leave evenly.
 */
function courseOf({ toRunOn, intervalSeconds }: Endings, timeoutSeconds: number): number[] {
  const course: number[] = [];
  const [first = 1] = toRunOn.subarray(outcomeSpan(timeoutSeconds - 1));
  for (let age = outcomeSpanSeconds / 2; age <= timeoutSeconds; age += outcomeSpanSeconds) {
    const before = age - intervalSeconds;
    const span = outcomeSpan(timeoutSeconds - 1 - before) ?? 0;
    const chance =
      before > 0 ? (toRunOn[span] ?? 1) * partLeft(course, before) : 1 + (first - 1) * (age / intervalSeconds);
    const isSeen = before <= 0 || span * outcomeSpanSeconds >= intervalSeconds + slackSeconds;
    course.push(isSeen ? chance : (course.at(-1) ?? 1));
  }
  return fallingOnly(course);
}

/** Of few entries, more may seem to be left than were earlier: such parts are taken together, and averaged. */
function fallingOnly(parts: readonly number[]): number[] {
  const runs: { total: number; length: number }[] = [];
  for (const part of parts) {
    let run = { total: part, length: 1 };
    for (let last = runs.at(-1); last && run.total / run.length > last.total / last.length; last = runs.at(-1)) {
      run = { total: run.total + last.total, length: run.length + last.length };
      runs.pop();
    }
    runs.push(run);
  }
  return runs.flatMap(({ total, length }) => Array(length).fill(Math.min(1, total / length)));
}

/** Straight lines between the points, of which the first is that all are there; after the last one it stays. */
function partLeft(course: readonly number[], age: number): number {
  const place = age / outcomeSpanSeconds + 0.5;
  const at = (point: number) => (point > 0 ? (course[Math.min(point, course.length) - 1] ?? 1) : 1);
  const before = at(Math.floor(place));
  return before + (at(Math.floor(place) + 1) - before) * (place % 1);
}

/** Entries that leave from the middle of one span to that of the next leave between them. */
function earlyStays(course: readonly number[]): Stay[] {
  return course
    .map((left, span) => ({ part: (course[span - 1] ?? 1) - left, seconds: span * outcomeSpanSeconds, expires: false }))
    .filter(({ part }) => part > 0);
}

/** The latest seconds are left out: they show a rise. */
const latestSeconds = 30;

function pastRate(remaining: ArrayLike<number>, course: readonly number[], timeoutSeconds: number): number {
  const from = timeoutSeconds > 2 * latestSeconds ? latestSeconds : 0;
  const ages = Array.from({ length: Math.max(0, Math.floor(timeoutSeconds) - from) }, (_, index) => from + index);
  const entries = sum(ages.map((age) => remaining[timeoutSeconds - 1 - age] ?? 0));
  const seconds = sum(ages.map((age) => partLeft(course, age + 0.5)));
  return seconds >= 1 ? entries / seconds : Number.POSITIVE_INFINITY;
}

/** Where fewer are left, those that are there are others than were seen to leave. */
const fewLeft = 0.02;

function leave(
  remaining: ArrayLike<number>,
  course: readonly number[],
  timeoutSeconds: number,
  intervalSeconds: number,
) {
  const leaving = new Float64Array(remainingLimitSeconds);
  const expiring = new Float64Array(remainingLimitSeconds);
  for (let left = 0; left < remainingLimitSeconds; left++) {
    const entries = remaining[left] ?? 0;
    if (entries === 0) continue;
    const age = Math.max(0, timeoutSeconds - 1 - left);
    const now = partLeft(course, age);
    const partIn = (seconds: number) => (now < fewLeft ? 1 : partLeft(course, age + seconds) / now);
    for (let second = 0; second < left; second++) {
      leaving[second] = (leaving[second] ?? 0) + entries * (partIn(second) - partIn(second + 1));
    }
    expiring[left] = (expiring[left] ?? 0) + entries * partIn(left);
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
