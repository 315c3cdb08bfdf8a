import { sum } from '../arithmetic.ts';
import type { Census } from '../census/census.ts';
import { remainingLimitSeconds } from '../census/class-tally.ts';
import { type Course, type Forecast, residence, riseOn, settle } from './course.ts';
import { measureDrifts } from './drift.ts';
import { type ForecastScan, maxLag, type ScanHistory } from './history.ts';
import { gcIntervalSeconds } from './live-entries.ts';
import type { Inflow, Outlook } from './outlook.ts';

/**
 * @param limit nf_conntrack_max; 0 is no limit, and so is anything that is no positive number.
 * @param history with the scan as its last observation.
 */
export function forecastTable({ census, outlooks }: ForecastScan, limit: number, history: ScanHistory): Forecast {
  const lagSeconds = maxLag(history);
  const inflows = outlooks.flatMap((outlook) => outlook.inflows);
  const staying = sum(outlooks.map((outlook) => outlook.staying));
  const settles = staying + sum(inflows.map((inflow) => inflow.perSecond * residence(inflow, lagSeconds)));
  const timedSeconds = longestTimer(outlooks, inflows);
  const course = {
    ...entriesNow(census),
    expiredBy: accumulate(outlooks, 'expiring', timedSeconds),
    leftBy: accumulate(outlooks, 'leaving', timedSeconds),
    lagSeconds,
    inflows,
    timedSeconds,
  };
  return limit > 0
    ? forecastLimited(census, course, settles, limit, history)
    : { equilibriumEntries: settles, fullInSeconds: Number.POSITIVE_INFINITY };
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

function forecastLimited(
  census: Census,
  course: Course,
  settles: number,
  limit: number,
  history: ScanHistory,
): Forecast {
  const courses = [settle(limit, course, settles), ...forecastDrifts(course, limit, history)];
  const seconds = Math.min(...courses.map(({ fullInSeconds }) => fullInSeconds));
  // The table was full since the scan before, and the garbage collector or that scan made a little room.
  const evicts = (history.at(-1)?.evicted ?? 0) > 0 && seconds <= gcIntervalSeconds;
  return {
    equilibriumEntries: Math.max(...courses.map(({ equilibriumEntries }) => equilibriumEntries)),
    fullInSeconds: evicts || census.count >= limit ? 0 : seconds,
  };
}

/**
 * A rise is trusted for 1.2 times as long as it was watched: then a table that fills from empty in a straight line is
 * foretold when it is 45 % full, and a pool of connections that ends at 45 % is not mistaken for one.
 */
const driftBelief = 1.2;

function forecastDrifts(course: Course, limit: number, history: ScanHistory): Forecast[] {
  return measureDrifts(history, limit).flatMap(
    ({ perSecond, watchedSeconds, maxEntries }) =>
      riseOn(limit, course, perSecond, { forSeconds: driftBelief * watchedSeconds, maxEntries }) ?? [],
  );
}
