import { sum } from '../arithmetic.ts';
import type { Census } from '../census/census.ts';
import { remainingLimitSeconds } from '../census/class-tally.ts';
import { measureDrifts } from './drift.ts';
import { type ForecastScan, maxLag, type ScanHistory } from './history.ts';
import { gcIntervalSeconds } from './live-entries.ts';
import type { Inflow, Outlook } from './outlook.ts';

/** Where the table is going if things go on as they are. */
export interface Forecast {
  /** Entries that it settles at: the crest of the saw-tooth that the garbage collector makes. */
  readonly equilibriumEntries: number;
  /** Infinity when it does not fill; 0 when it is full. */
  readonly fullInSeconds: number;
}

/** What the table's next minutes are computed from. */
interface Course {
  /** Entries after the scan, and how many of them expired before it. */
  readonly entries: number;
  readonly expired: number;
  /** Present entries whose timer will have run out, and those that will have left before, by seconds from now. */
  readonly expiredBy: Float64Array;
  readonly leftBy: Float64Array;
  readonly lagSeconds: number;
  readonly inflows: readonly Inflow[];
  /** After which nothing present expires or leaves any more. */
  readonly timedSeconds: number;
}

/**
 * @param limit nf_conntrack_max; 0 is no limit, and so is anything that is no positive number.
 * @param history with the scan as its last observation.
 */
export function forecastTable({ census, outlooks }: ForecastScan, limit: number, history: ScanHistory): Forecast {
  const lagSeconds = maxLag(history);
  const inflows = outlooks.flatMap((outlook) => outlook.inflows);
  const staying = sum(outlooks.map((outlook) => outlook.staying));
  const equilibriumEntries = staying + sum(inflows.map((inflow) => inflow.perSecond * residence(inflow, lagSeconds)));
  const timedSeconds = longestTimer(outlooks, inflows);
  const course = {
    ...entriesNow(census),
    expiredBy: accumulate(outlooks, 'expiring', timedSeconds),
    leftBy: accumulate(outlooks, 'leaving', timedSeconds),
    lagSeconds,
    inflows,
    timedSeconds,
  };
  return { equilibriumEntries, fullInSeconds: secondsToFull(census, course, equilibriumEntries, limit, history) };
}

/** Time in the table, until the garbage collector has passed. */
function residence({ staySeconds, expires }: Inflow, lagSeconds: number): number {
  return staySeconds + expires * lagSeconds;
}

/** A reading of the whole table has removed the entries that had expired. */
function entriesNow({ live, count, expired }: Census): Pick<Course, 'entries' | 'expired'> {
  return expired === undefined
    ? { entries: count, expired: count - live.estimate }
    : { entries: live.estimate, expired: 0 };
}

/** Most tables have no timer beyond a few minutes whose end counts. */
function longestTimer(outlooks: readonly Outlook[], inflows: readonly Inflow[]): number {
  const last = (flows: Float64Array) => flows.findLastIndex((one) => one > 0) + 1;
  const present = outlooks.flatMap(({ expiring, leaving }) => [last(expiring), last(leaving)]);
  const coming = inflows.map(({ staySeconds }) => Math.ceil(Math.min(staySeconds, remainingLimitSeconds)));
  return Math.max(1, ...present, ...coming);
}

function accumulate(outlooks: readonly Outlook[], kind: 'expiring' | 'leaving', seconds: number): Float64Array {
  let total = 0;
  return Float64Array.from({ length: seconds }, (_, second) => {
    for (const outlook of outlooks) total += outlook[kind][second] ?? 0;
    return total;
  });
}

function secondsToFull(
  census: Census,
  course: Course,
  equilibrium: number,
  limit: number,
  history: ScanHistory,
): number {
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

/**
 * A rise is trusted for 1.2 times as long as it was watched: then a table that fills from empty in a straight line is
 * foretold when it is 45 % full, and a pool of connections that ends at 45 % is not mistaken for one.
 */
const driftBelief = 1.2;

function secondsByDrift(course: Course, equilibrium: number, limit: number, history: ScanHistory): number[] {
  return measureDrifts(history, limit)
    .map(({ perSecond, watchedSeconds }) => ({
      seconds: secondsUntil(limit, course, equilibrium, perSecond),
      believedSeconds: driftBelief * watchedSeconds,
    }))
    .filter(({ seconds, believedSeconds }) => seconds <= believedSeconds)
    .map(({ seconds }) => seconds);
}

/** What has expired stays `lagSeconds` longer. */
function entriesAt(
  second: number,
  { entries, expired, expiredBy, leftBy, lagSeconds, inflows, timedSeconds }: Course,
): number {
  let present = entries - (leftBy[Math.min(second, timedSeconds) - 1] ?? 0);
  for (const inflow of inflows) present += inflow.perSecond * Math.min(second, residence(inflow, lagSeconds));
  const ago = Math.floor(second - lagSeconds);
  return ago < 0 ? present : present - expired - (expiredBy[Math.min(ago, timedSeconds) - 1] ?? 0);
}

/** Goes from second to second until the table holds `limit` entries, then on in a straight line. */
function secondsUntil(limit: number, course: Course, equilibrium: number, driftPerSecond: number): number {
  const courseSeconds = course.timedSeconds + gcIntervalSeconds;
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
