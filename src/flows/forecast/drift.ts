import { mean, sum } from '../arithmetic.ts';
import type { ScanHistory, ScanRecord } from './history.ts';

/** A steady rise of the entries that stay: connections in use, whose future no timeout shows. */
export interface Drift {
  readonly perSecond: number;
  /** How long it was watched, and so how far it can be trusted. */
  readonly watchedSeconds: number;
  /** Entries that it can still bring: a rise that slows down is expected to go on slowing down. Infinity if it does not. */
  readonly maxEntries: number;
}

/** The shortest time in which a change is called a drift; it is looked for over this time and its doubles. */
const minWatch = 120;
const maxWatch = 3840;

/** Standard errors by which a slope must differ from none. */
const certainty = 4;
const fewestObservations = 5;

/** Standard errors by which a rise over the latest time may seem slower than it is. */
const doubt = 2;

/**
 * Rises of the entries that stay, over each length of time for which one shows beyond doubt. A rise goes on: it shows in
 * both halves of the time, and counts for no more than it may have been over any shorter time up to now.
 */
export function measureDrifts(history: ScanHistory, limit: number): Drift[] {
  const drifts = measureSurge(history, limit);
  let fastest = Number.POSITIVE_INFINITY;
  for (let seconds = latestWatch; seconds <= maxWatch; seconds *= 2) {
    const watched = watch(history, seconds);
    if (watched === undefined) continue;
    const { slope, error, watchedSeconds, slowerHalf } = watched;
    const perSecond = Math.min(slope, fastest);
    const rises = slope > certainty * error && slowerHalf > goesOn * slope && perSecond > 0;
    if (seconds >= minWatch && rises) drifts.push({ perSecond, watchedSeconds, maxEntries: watched.maxEntries });
    fastest = Math.min(fastest, slope + doubt * error);
  }
  return drifts;
}

/** A shorter time than this shows only that a rise is over. */
const latestWatch = 30;
/** The part of the slope that each half of the time shows. */
const goesOn = 0.3;

function watch(history: ScanHistory, seconds: number) {
  const last = history.at(-1);
  const first = history.findLast(({ atSeconds }) => last !== undefined && last.atSeconds - atSeconds >= seconds);
  if (first === undefined || last === undefined) return undefined;
  const watched = history.slice(history.indexOf(first));
  if (watched.length < (seconds < minWatch ? fewestForEnd : fewestObservations)) return undefined;
  return {
    ...fitLine(watched),
    slowerHalf: slowerHalf(watched),
    maxEntries: maxFurtherRise(watched),
    watchedSeconds: last.atSeconds - first.atSeconds,
  };
}

const fewestForEnd = 3;

function slowerHalf(points: readonly ScanRecord[]): number {
  const [first, middle, last] = [points.at(0), points.at(points.length >> 1), points.at(-1)];
  if (!first || !middle || !last) return 0;
  const slope = (from: ScanRecord, to: ScanRecord) => riseOf(from, to).entries / (to.atSeconds - from.atSeconds);
  return Math.min(slope(first, middle), slope(middle, last));
}

/**
 * Connections that end after a while, and began together, come to a level: the rise of each half of the time is the same
 * part of that of the half before. All the halves to come are a geometric series.
 */
function maxFurtherRise(points: readonly ScanRecord[]): number {
  const middle = points.length >> 1;
  const [before, after] = [points.slice(0, middle + 1), points.slice(middle)];
  if (before.length < fewestObservations || after.length < fewestObservations) return Number.POSITIVE_INFINITY;
  const [earlier, later] = [fitLine(before), fitLine(after)];
  const part = (later.slope + doubt * Math.hypot(earlier.error, later.error)) / earlier.slope;
  const seconds = ((after.at(-1)?.atSeconds ?? 0) - (before.at(0)?.atSeconds ?? 0)) / 2;
  return part > 0 && part < 1 ? (later.slope * seconds * part) / (1 - part) : Number.POSITIVE_INFINITY;
}

/**
 * Least squares; the error of the slope from what is left over, and no less than from the error of the values or, for
 * few of them, from chance.
 */
function fitLine(points: readonly ScanRecord[]): { slope: number; error: number } {
  const middle = mean(points.map(({ atSeconds }) => atSeconds));
  const level = mean(points.map(({ staying }) => staying));
  const spread = sum(points.map(({ atSeconds }) => (atSeconds - middle) ** 2));
  const slope = sum(points.map(({ atSeconds, staying }) => (atSeconds - middle) * (staying - level))) / spread;
  const misses = points.map(({ atSeconds, staying }) => staying - level - slope * (atSeconds - middle));
  const deviation = Math.sqrt(sum(misses.map((miss) => miss ** 2)) / (points.length - 2));
  const valueError = mean(points.map(({ stayingError }) => stayingError));
  const chance = points.length < fewestObservations ? Math.sqrt(Math.max(1, level)) : 0;
  return { slope, error: Math.max(deviation, valueError, chance) / Math.sqrt(spread) };
}

/** So many scans in a row that rise by such a part of the limit each are no chance, and need not be watched for longer. */
const surgeScans = 3;
const surgeRise = 0.03;

/** A rise that is over, or about to be, slows down. */
const surgeHolds = 0.7;
const maxSurgeInterval = 60;

/** The rise of the latest scans, if it is steep and does not slow down. */
function measureSurge(history: ScanHistory, limit: number): Drift[] {
  const rises = history
    .slice(1)
    .map((now, index) => riseOf(history[index] ?? now, now))
    .slice(-maxSurge);
  const gentle = rises.findLastIndex(
    ({ entries, seconds, error }) =>
      !(entries >= surgeRise * limit && entries > certainty * error && seconds <= maxSurgeInterval),
  );
  const steep = rises.slice(gentle + 1);
  const latest = steep.slice(-surgeScans);
  const perSecond = latest.length < surgeScans ? rateOf(latest.slice(-1)) : rateOf(latest);
  const slowsDown = rateOf(latest.slice(-1)) < surgeHolds * rateOf(latest.slice(0, -1));
  if (slowsDown || steep.length < fewestScans(steep, (limit - (history.at(-1)?.live ?? 0)) / perSecond)) return [];
  return [
    { perSecond, watchedSeconds: sum(steep.map(({ seconds }) => seconds)), maxEntries: Number.POSITIVE_INFINITY },
  ];
}

/** Where the table would be full before the next scan is scraped, two must do. The rise began within the first. */
function fewestScans(steep: readonly Rise[], fullInSeconds: number): number {
  return fullInSeconds <= nextScan * (steep.at(-1)?.seconds ?? 0) ? 2 : surgeScans;
}

const nextScan = 1.5;

const maxSurge = 40;

interface Rise {
  readonly entries: number;
  readonly seconds: number;
  readonly error: number;
}

function riseOf(before: ScanRecord, now: ScanRecord): Rise {
  return {
    // Flows that turn out to stay are no rise of the table.
    entries: Math.min(now.staying - before.staying, now.live - before.live),
    seconds: now.atSeconds - before.atSeconds,
    error: Math.hypot(now.stayingError, before.stayingError),
  };
}

function rateOf(rises: readonly Rise[]): number {
  return sum(rises.map(({ entries }) => entries)) / sum(rises.map(({ seconds }) => seconds));
}
