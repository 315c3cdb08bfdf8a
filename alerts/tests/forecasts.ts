import { confirmedFullInSeconds, fullInSeconds } from '../../src/collectors/conntrack-table/metrics.ts';
import { addForecast, confirmedSeconds, type TimedForecast } from '../../src/flows/forecast/agreement.ts';
import { scanIntervalSeconds } from '../../src/identity/scan-interval.ts';
import { seriesValues } from './series-values.ts';

const scrapeSeconds = 15;

/**
 * What a table's scans forecast, and what they agree on, at scrapes every 15 s.
 *
 * @param words the forecast that a scan at a time comes to, in the words of `seriesValues()`.
 */
export function forecasts(words: string, intervalSeconds: number = scanIntervalSeconds): Record<string, string> {
  const atSecond = seriesValues(words, 1).split(' ');
  let past: readonly TimedForecast[] = [];
  let last = 'nothing';
  const [foretold, confirmed]: [string[], string[]] = [[], []];
  for (const [second, value] of atSecond.entries()) {
    const isThere = value !== '_' && value !== 'stale';
    if (!isThere) [past, last] = [[], value === 'stale' || last === 'gone' ? 'gone' : 'nothing'];
    else if (second % intervalSeconds === 0 || past.length === 0) {
      past = addForecast(past, { atSeconds: second, fullInSeconds: value === 'Inf' ? Infinity : Number(value) });
      last = value;
    }
    if (second % scrapeSeconds > 0) continue;
    foretold.push(last);
    confirmed.push(isThere ? toText(confirmedSeconds(past)) : last);
  }
  return { [fullInSeconds.name]: inWords(foretold), [confirmedFullInSeconds.name]: inWords(confirmed) };
}

function toText(seconds: number | undefined): string {
  return seconds === undefined ? 'nothing' : seconds === Infinity ? 'Inf' : String(seconds);
}

/** One part for each stretch of the same value: `gone` begins a stretch, and lasts. */
function inWords(values: readonly string[]): string {
  const starts = values.flatMap((value, index) => (value === values[index - 1] ? [] : [index]));
  const parts = starts.map((start, index) => {
    const scrapes = (starts[index + 1] ?? values.length) - start;
    return `${values[start]} for ${scrapes * scrapeSeconds}s`;
  });
  return parts.join(', ');
}
