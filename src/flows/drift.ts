import { mean, sum } from './arithmetic.ts';
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

/** Rises of the entries that stay, over each length of time for which one shows beyond doubt. */
export function measureDrifts(history: History): Drift[] {
  const drifts: Drift[] = [];
  for (let seconds = shortestWatch; seconds <= longestWatch; seconds *= 2) {
    const drift = measureDrift(history, seconds);
    if (drift !== undefined) drifts.push(drift);
  }
  return drifts;
}

function measureDrift(history: History, seconds: number): Drift | undefined {
  const last = history.at(-1);
  const first = history.findLast(({ atSeconds }) => last !== undefined && last.atSeconds - atSeconds >= seconds);
  if (first === undefined || last === undefined) return undefined;
  const watched = history.slice(history.indexOf(first));
  if (watched.length < fewestObservations) return undefined;
  const { slope, error } = fitLine(watched);
  return slope > certainty * error ? { perSecond: slope, watchedSeconds: last.atSeconds - first.atSeconds } : undefined;
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
