import { parseDuration } from '../../src/parsers/duration.ts';

/** A value that a scrape can find: `stale` ends a series, `_` is a scrape without it. */
type Value = number | 'Inf' | 'stale' | '_';

/**
 * The values of a series in the notation of `promtool test rules`, from words:
 *
 * - `50 for 5m, 92 for 10m`: stays
 * - `10 to 90 for 5m`: goes evenly from one to the other, and is at the other just after the 5 minutes
 * - `gone for 2m`: Prometheus marks the series as ended, because a scrape failed or did not have it
 * - `nothing for 2m`: Prometheus did not scrape
 */
export function seriesValues(words: string, intervalSeconds: number): string {
  return words
    .split(', ')
    .flatMap((part) => segment(part, intervalSeconds))
    .join(' ');
}

function segment(part: string, intervalSeconds: number): Value[] {
  const [, from = '', to, duration = ''] = /^(\S+)(?: to (\S+))? for (\S+)$/.exec(part) ?? [];
  const seconds = parseDuration(duration);
  if (seconds === undefined) throw new SyntaxError(`Expected "VALUE for DURATION", got "${part}"`);
  const samples = Math.round(seconds / intervalSeconds);
  return Array.from({ length: samples }, (_, index) => valueAt(index, samples, from, to ?? from));
}

function valueAt(index: number, samples: number, from: string, to: string): Value {
  if (from === 'nothing') return '_';
  if (from === 'gone') return index === 0 ? 'stale' : '_';
  if (from === 'Inf') return from;
  return Number(from) + ((Number(to) - Number(from)) * index) / samples;
}
