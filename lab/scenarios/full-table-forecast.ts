import { queryForecast } from '../cluster/table-queries.ts';
import type { Lab } from '../lab.ts';
import { countEntries } from '../referees/conntrack.ts';

/** A forecast as it was, and how long the table then took. */
interface Told {
  readonly secondsBefore: number;
  readonly told: number;
}

/** What a table at its limit may lack: an eviction takes every victim that its bucket has. */
export const justBelow = 15;

/** Compares what each scan on the way told with when the table is full by the kernel's own count. */
export async function seeForeseen({ node, prometheus, see }: Lab, limit: number): Promise<void> {
  const forecasts = new Map<number, number>();
  await see(
    "conntrack_full_in_seconds counts down to the moment when compute's table is full",
    async () => {
      const { inSeconds, scannedAt } = await queryForecast(prometheus);
      if (Number.isFinite(inSeconds) && inSeconds > 0) forecasts.set(scannedAt, inSeconds);
      const entries = await countEntries(node('compute'));
      return { entries, forecasts: compare(forecasts, Date.now() / 1000) };
    },
    ({ entries, forecasts }) => entries >= limit - justBelow && isGood(forecasts.at(-1)),
    { withinSeconds: 60 },
  );
}

function compare(forecasts: ReadonlyMap<number, number>, now: number): Told[] {
  return [...forecasts].map(([at, told]) => ({ secondsBefore: Math.round(now - at), told: Math.round(told) }));
}

/** Within 4 s: a scan that meets the table just before it is full knows no better. */
function isGood(forecast: Told | undefined): boolean {
  return forecast !== undefined && Math.abs(forecast.told - forecast.secondsBefore) <= 4;
}
