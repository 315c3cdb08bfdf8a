import { queryForecast } from '../cluster/table-queries.ts';
import type { Lab } from '../lab.ts';
import { countEntries } from '../referees/conntrack.ts';

/** A forecast as it was, and how long the table then took. */
interface Comparison {
  readonly secondsBefore: number;
  readonly forecast: number;
}

/** What a table at its limit may lack: an eviction takes every victim that its bucket has. */
export const justBelow = 15;

/** Compares the forecast of each scan on the way with the time when the table is full by the kernel's own count. */
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

function compare(forecasts: ReadonlyMap<number, number>, now: number): Comparison[] {
  return [...forecasts].map(([at, inSeconds]) => ({
    secondsBefore: Math.round(now - at),
    forecast: Math.round(inSeconds),
  }));
}

/** Within 4 s: a scan just before the table is full cannot do better. */
function isGood(last: Comparison | undefined): boolean {
  return last !== undefined && Math.abs(last.forecast - last.secondsBefore) <= 4;
}
