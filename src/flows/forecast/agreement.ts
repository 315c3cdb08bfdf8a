import { scanIntervalSeconds } from '../../identity/scan-interval.ts';
import { thresholds } from '../../identity/thresholds.ts';

/** What a scan forecast. */
export interface TimedForecast {
  /** When the scan began, on any clock. */
  readonly atSeconds: number;
  readonly fullInSeconds: number;
}

/**
 * A burst looks like a step: scans that are less than this apart may all see the same one. Where a third scan would leave
 * half a minute or less, two must do.
 */
const agreementSeconds = { long: 2.2 * scanIntervalSeconds, short: scanIntervalSeconds };
const longFrom = thresholds.conntrackFullInAgreed.oneScan;
/** Where the next of rare scans would leave less, one must do. */
const leastLeftSeconds = 30;

/** Adds a forecast to those that it is judged by: the two before and, with frequent scans, more. */
export function addForecast(past: readonly TimedForecast[], forecast: TimedForecast): readonly TimedForecast[] {
  return [...comparedWith(past, forecast, agreementSeconds.long, 2), forecast];
}

function comparedWith(
  past: readonly TimedForecast[],
  forecast: TimedForecast,
  seconds: number,
  least = 1,
): readonly TimedForecast[] {
  const before = past.filter(({ atSeconds }) => atSeconds < forecast.atSeconds);
  return before.filter(
    ({ atSeconds }, index) => index >= before.length - least || forecast.atSeconds - atSeconds <= seconds,
  );
}

/**
 * The longest of the forecasts: all scans agree that the table is not full later. Of rare scans the last alone, where the
 * next may come too late. Undefined for a single scan.
 */
export function confirmedSeconds(forecasts: readonly TimedForecast[]): number | undefined {
  const last = forecasts.at(-1);
  if (last === undefined || forecasts.length < 2) return undefined;
  const interval = scanInterval(forecasts);
  if (interval > agreementSeconds.long && last.fullInSeconds < interval + leastLeftSeconds) return last.fullInSeconds;
  const seconds = last.fullInSeconds > longFrom ? agreementSeconds.long : agreementSeconds.short;
  return Math.max(last.fullInSeconds, ...comparedWith(forecasts, last, seconds).map((one) => one.fullInSeconds));
}

/** The shorter of the last two intervals: a scan that was late makes no rare scans. */
function scanInterval(forecasts: readonly TimedForecast[]): number {
  const times = forecasts.slice(-3).map(({ atSeconds }) => atSeconds);
  return Math.min(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}
