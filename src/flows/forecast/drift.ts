import { mean, sum } from '../arithmetic.ts';
import type { History, Observation } from './history.ts';

/** A steady change of the entries that stay: connections in use, which no timeout tells the future of. */
export interface Drift {
  readonly perSecond: number;
  /** How long it was watched, and so how far it can be believed. */
  readonly watchedSeconds: number;
}

/** The shortest time in which a change is called a drift; it is looked for over this time and its doubles. */
const shortestWatch = 120;
const longestWatch = 3840;

/** Standard errors by which a slope must differ from none. */
const certainty = 4;
const fewestObservations = 5;

/** Standard errors by which a rise over the latest time may seem slower than it is. */
const doubt = 2;

/**
 * Rises of the entries that stay, over each length of time for which one shows beyond doubt. A rise that is over is none:
 * it counts for no more than it may have been over any shorter time up to now. So a step counts as one until it has been
 * level for `shortestWatch`.
 */
export function measureDrifts(history: History): Drift[] {
  const drifts: Drift[] = [];
  let fastest = Number.POSITIVE_INFINITY;
  for (let seconds = shortestWatch; seconds <= longestWatch; seconds *= 2) {
    const watched = watch(history, seconds);
    if (watched === undefined) continue;
    const { slope, error, watchedSeconds } = watched;
    const perSecond = Math.min(slope, fastest);
    if (slope > certainty * error && perSecond > 0) drifts.push({ perSecond, watchedSeconds });
    fastest = Math.min(fastest, slope + doubt * error);
  }
  return drifts;
}

function watch(history: History, seconds: number) {
  const last = history.at(-1);
  const first = history.findLast(({ atSeconds }) => last !== undefined && last.atSeconds - atSeconds >= seconds);
  if (first === undefined || last === undefined) return undefined;
  const watched = history.slice(history.indexOf(first));
  if (watched.length < fewestObservations) return undefined;
  return { ...fitLine(watched), watchedSeconds: last.atSeconds - first.atSeconds };
}

/** Least squares; the error of the slope from what is left over, and no less than from the error of the values. */
function fitLine(points: readonly Observation[]): { slope: number; error: number } {
  const middle = mean(points.map(({ atSeconds }) => atSeconds));
  const level = mean(points.map(({ open }) => open));
  const spread = sum(points.map(({ atSeconds }) => (atSeconds - middle) ** 2));
  const slope = sum(points.map(({ atSeconds, open }) => (atSeconds - middle) * (open - level))) / spread;
  const misses = points.map(({ atSeconds, open }) => open - level - slope * (atSeconds - middle));
  const deviation = Math.sqrt(sum(misses.map((miss) => miss ** 2)) / (points.length - 2));
  const valueError = mean(points.map(({ openError }) => openError));
  return { slope, error: Math.max(deviation, valueError) / Math.sqrt(spread) };
}
