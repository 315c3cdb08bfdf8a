import { sum } from '../arithmetic.ts';
import type { Census } from '../census/census.ts';
import { remainingLimitSeconds } from '../census/class-tally.ts';
import { measureDrifts } from './drift.ts';
import { type History, longestLag } from './history.ts';
import { gcIntervalSeconds } from './live-entries.ts';
import { type Outlook, outlookOf } from './outlook.ts';
import { residenceSeconds } from './residence.ts';

/** Where the table is going if things go on as they are. */
export interface Forecast {
  /** Entries that it settles at: the crest of the saw-tooth that the garbage collector makes. */
  readonly equilibriumEntries: number;
  /** Infinity when it does not fill; 0 when it is full. */
  readonly fullInSeconds: number;
}

/** Flows that enter the table for a known time. */
interface Inflow {
  readonly perSecond: number;
  /** Until the garbage collector has removed them. */
  readonly staySeconds: number;
}

/** What the table's next minutes are computed from. */
interface Course {
  /** Entries after the scan, and how many of them expired before it. */
  readonly entries: number;
  readonly expired: number;
  /** Present entries that will have expired, by seconds from now. */
  readonly expiredBy: Float64Array;
  readonly lagSeconds: number;
  readonly inflows: readonly Inflow[];
}

/**
 * @param limit nf_conntrack_max; 0 is no limit, and so is anything that is no positive number.
 * @param history with the present scan as its last observation.
 */
export function forecastTable(census: Census, limit: number, history: History): Forecast {
  const outlooks = census.classes.map((tally) => outlookOf(census, tally));
  const lagSeconds = longestLag(history);
  const inflows = outlooks.map((outlook) => ({
    perSecond: outlook.perSecond,
    staySeconds: residenceSeconds(outlook, history, lagSeconds),
  }));
  const staying = sum(outlooks.map((outlook) => outlook.staying));
  const equilibriumEntries = staying + sum(inflows.map(settled));
  const course = { ...entriesNow(census), expiredBy: accumulate(outlooks), lagSeconds, inflows };
  return { equilibriumEntries, fullInSeconds: secondsToFull(census, course, equilibriumEntries, limit, history) };
}

/** Little's law. Nothing comes of a class that nothing enters, however long that would stay. */
function settled({ perSecond, staySeconds }: Inflow): number {
  return perSecond > 0 ? perSecond * staySeconds : 0;
}

/** A reading of the whole table has removed the entries that had expired. */
function entriesNow({ live, count, expired }: Census): Pick<Course, 'entries' | 'expired'> {
  return expired === undefined
    ? { entries: count, expired: count - live.estimate }
    : { entries: live.estimate, expired: 0 };
}

function accumulate(outlooks: readonly Outlook[]): Float64Array {
  let total = 0;
  return Float64Array.from({ length: remainingLimitSeconds }, (_, second) => {
    total += sum(outlooks.map(({ expiring }) => expiring[second] ?? 0));
    return total;
  });
}

function secondsToFull(census: Census, course: Course, equilibrium: number, limit: number, history: History): number {
  if (!(limit > 0)) return Number.POSITIVE_INFINITY;
  if (census.count >= limit) return 0;
  const evicts = (history.at(-1)?.evicted ?? 0) > 0;
  const seconds = Math.min(
    secondsUntil(limit, course, equilibrium, 0),
    ...secondsByDrift(course, equilibrium, limit, history),
  );
  // The table was full since the scan before, and the garbage collector or that scan made a little room.
  return evicts && seconds <= gcIntervalSeconds ? 0 : seconds;
}

/** A drift is believed for ten times as long as it was watched: a minute's rise says nothing about tomorrow. */
const driftBelief = 10;

function secondsByDrift(course: Course, equilibrium: number, limit: number, history: History): number[] {
  return measureDrifts(history)
    .map(({ perSecond, watchedSeconds }) => ({
      seconds: secondsUntil(limit, course, equilibrium, perSecond),
      believedSeconds: driftBelief * watchedSeconds,
    }))
    .filter(({ seconds, believedSeconds }) => seconds <= believedSeconds)
    .map(({ seconds }) => seconds);
}

/** Longer than any timeout that a course knows the expiries of, with the lag. */
const courseSeconds = remainingLimitSeconds + gcIntervalSeconds;

/** What has expired stays `lagSeconds` longer. */
function entriesAt(second: number, { entries, expired, expiredBy, lagSeconds, inflows }: Course): number {
  const came = sum(inflows.map(({ perSecond, staySeconds }) => perSecond * Math.min(second, staySeconds)));
  const ago = Math.floor(second - lagSeconds);
  const removed = ago < 0 ? 0 : expired + (expiredBy[Math.min(ago, remainingLimitSeconds) - 1] ?? 0);
  return entries + came - removed;
}

/** Goes from second to second until the table holds `limit` entries, then on in a straight line. */
function secondsUntil(limit: number, course: Course, equilibrium: number, driftPerSecond: number): number {
  let before = course.entries;
  for (let second = 1; second <= courseSeconds; second++) {
    const entries = entriesAt(second, course) + driftPerSecond * second;
    if (entries >= limit) return second - 1 + Math.max(0, limit - before) / (entries - before);
    before = entries;
  }
  if (driftPerSecond === 0 && equilibrium < limit) return Number.POSITIVE_INFINITY;
  const longer = course.inflows.filter(({ staySeconds }) => staySeconds > courseSeconds);
  const rise = driftPerSecond + sum(longer.map(({ perSecond }) => perSecond));
  return rise > 0 ? courseSeconds + (limit - before) / rise : Number.POSITIVE_INFINITY;
}
