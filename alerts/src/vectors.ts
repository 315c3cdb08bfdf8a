import { duration } from './duration.ts';

/** The limit where there is one: 0 stands for none. */
export const limit = '(conntrack_entries_limit > 0)';

/** The smaller of two vectors, element by element. */
export function smaller(one: string, other: string): string {
  return `(${one}) < (${other}) or (${other})`;
}

/**
 * How much a series rose in each of two spans, whichever was less: a step is no steady rise. Where the series is itself
 * an average, it is that over `pauseSeconds`, which lie between the spans: so no step is in both.
 */
export function steadyRise(series: string, spanSeconds: number, pauseSeconds = 0): string {
  const ago = (seconds: number) => `(${series} offset ${duration(seconds)})`;
  const middle = spanSeconds + pauseSeconds;
  return smaller(`${series} - ${ago(spanSeconds)}`, `${ago(middle)} - ${ago(middle + spanSeconds)}`);
}

/** How much a series fell in each of two spans, whichever was less: a step is no steady fall. */
export function steadyFall(series: string, spanSeconds: number): string {
  const ago = (seconds: number) => `(${series} offset ${duration(seconds)})`;
  return smaller(`${ago(spanSeconds)} - ${series}`, `${ago(2 * spanSeconds)} - ${ago(spanSeconds)}`);
}
