import { sum } from '../arithmetic.ts';
import { gcIntervalSeconds } from './live-entries.ts';
import type { Inflow } from './outlook.ts';

/**
 * Where the table is going if things go on as they are. Unless it is full, it is forecast to fill exactly if
 * `equilibriumEntries` is above the limit.
 */
export interface Forecast {
  /**
   * Entries that it settles at: the crest of the saw-tooth that the garbage collector makes. If that is below the limit, and
   * the table fills before it settles or while a rise goes on, the most that it then reaches.
   */
  readonly equilibriumEntries: number;
  /** Infinity when it does not fill; 0 when it is full. */
  readonly fullInSeconds: number;
}

/** What the table's next minutes are computed from. */
export interface Course {
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

/** Time in the table, until the garbage collector has passed. */
export function residence({ staySeconds, expires }: Inflow, lagSeconds: number): number {
  return staySeconds + expires * lagSeconds;
}

/** @param settles entries that the flows settle at, by their rates. */
export function settle(limit: number, course: Course, settles: number): Forecast {
  const { passedAt, crest, end } = walk(limit, course);
  if (passedAt !== undefined) return { equilibriumEntries: settles > limit ? settles : crest, fullInSeconds: passedAt };
  const never = (equilibriumEntries: number) => ({ equilibriumEntries, fullInSeconds: Number.POSITIVE_INFINITY });
  if (settles <= limit) return never(settles);
  const rise = slowRise(course);
  // Everything present and to come was followed to its end.
  if (!(rise > 0)) return never(Math.max(0, end));
  return { equilibriumEntries: settles, fullInSeconds: lengthOf(course) + (limit - end) / rise };
}

/**
 * A rise that is expected to go on for so long on top of it, and to bring so many entries at most. Undefined if the table
 * does not fill by it.
 */
export function riseOn(
  limit: number,
  course: Course,
  perSecond: number,
  { forSeconds, maxEntries }: { readonly forSeconds: number; readonly maxEntries: number },
): Forecast | undefined {
  const { passedAt, crest, end } = walk(limit, course, perSecond, forSeconds);
  const rise = perSecond + slowRise(course);
  const fullInSeconds = passedAt ?? lengthOf(course) + (limit - end) / rise;
  const equilibriumEntries = passedAt === undefined ? end + rise * (forSeconds - lengthOf(course)) : crest;
  if (perSecond * fullInSeconds > maxEntries) return undefined;
  return fullInSeconds <= forSeconds && equilibriumEntries > limit ? { equilibriumEntries, fullInSeconds } : undefined;
}

/** Goes from second to second: when the table holds more than `limit` entries, the most that it reaches, and the last. */
function walk(limit: number, course: Course, perSecond = 0, forSeconds = Number.POSITIVE_INFINITY) {
  let passedAt: number | undefined;
  let end = course.entries;
  let crest = end;
  for (let second = 1; second <= lengthOf(course) && (passedAt === undefined || second <= forSeconds); second++) {
    const entries = entriesAt(second, course) + perSecond * second;
    if (entries > limit) passedAt ??= second - 1 + Math.max(0, limit - end) / (entries - end);
    crest = Math.max(crest, entries);
    end = entries;
  }
  return { passedAt, crest, end };
}

/** After which only longer flows still come. */
function lengthOf({ timedSeconds }: Course): number {
  return timedSeconds + gcIntervalSeconds;
}

/** In a straight line, of flows that stay for longer than the course. */
function slowRise(course: Course): number {
  const longer = course.inflows.filter(({ staySeconds }) => staySeconds > lengthOf(course));
  return sum(longer.map(({ perSecond }) => perSecond));
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
