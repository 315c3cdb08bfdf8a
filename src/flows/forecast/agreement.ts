import { scanIntervalSeconds } from '../../identity/scan-interval.ts';

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
const longFrom = 55;

/** Adds a forecast to the ones that it may be compared with: the one before and, with frequent scans, more. */
export function addForecast(past: readonly TimedForecast[], forecast: TimedForecast): readonly TimedForecast[] {
  return [...comparedWith(past, forecast, agreementSeconds.long), forecast];
}

function comparedWith(
  past: readonly TimedForecast[],
  forecast: TimedForecast,
  seconds: number,
): readonly TimedForecast[] {
  const before = past.filter(({ atSeconds }) => atSeconds < forecast.atSeconds);
  return before.filter(
    ({ atSeconds }, index) => index === before.length - 1 || forecast.atSeconds - atSeconds <= seconds,
  );
}

/** The longest of the forecasts: all scans agree that the table is not full later. Undefined for a single scan. */
export function confirmedSeconds(forecasts: readonly TimedForecast[]): number | undefined {
  const last = forecasts.at(-1);
  if (last === undefined || forecasts.length < 2) return undefined;
  const seconds = last.fullInSeconds > longFrom ? agreementSeconds.long : agreementSeconds.short;
  return Math.max(last.fullInSeconds, ...comparedWith(forecasts, last, seconds).map((one) => one.fullInSeconds));
}
