import { scanIntervalSeconds } from '../../identity/scan-interval.ts';

/** What a scan forecast. */
export interface TimedForecast {
  /** When the scan began, on any clock. */
  readonly atSeconds: number;
  readonly fullInSeconds: number;
}

/** A burst of a few seconds looks like a step: scans that are less than this apart may both see the same one. */
const agreementSeconds = scanIntervalSeconds;

/** Adds a forecast to the ones that it is compared with: the one before and, with frequent scans, more. */
export function addForecast(past: readonly TimedForecast[], forecast: TimedForecast): readonly TimedForecast[] {
  const before = past.filter(({ atSeconds }) => atSeconds < forecast.atSeconds);
  const kept = before.filter(
    ({ atSeconds }, index) => index === before.length - 1 || forecast.atSeconds - atSeconds <= agreementSeconds,
  );
  return [...kept, forecast];
}

/** The longest of the forecasts: all scans agree that the table is not full later. Undefined for a single scan. */
export function confirmedSeconds(forecasts: readonly TimedForecast[]): number | undefined {
  return forecasts.length < 2 ? undefined : Math.max(...forecasts.map(({ fullInSeconds }) => fullInSeconds));
}
