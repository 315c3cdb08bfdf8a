import { describe, expect, test } from 'vitest';
import type { Forecast } from '../../../src/flows/forecast/course.ts';
import { forecastTable } from '../../../src/flows/forecast/forecast.ts';
import { observe } from '../../../src/flows/forecast/history.ts';
import { outlooksOf } from '../../../src/flows/forecast/outlook.ts';
import { type SimulatedTable, simulateTable, type Traffic } from '../simulated-table.ts';
import { asked, leaked, longOneSided, opened, streamed, twoWay, twoWayReused } from '../traffic.ts';
import { watch } from './watch.ts';

/** Forecast from a table's first reading. */
function first(limit: number, table: SimulatedTable, sample?: number): Forecast {
  const census = table.census(sample === undefined ? {} : { sample });
  const scan = { atSeconds: 0, census, evicted: 0, outlooks: outlooksOf(census) };
  return forecastTable(scan, limit, observe([], scan));
}

function ranFor(seconds: number, ...traffics: Traffic[]): SimulatedTable {
  const table = simulateTable(traffics);
  table.run(seconds);
  return table;
}

const step = (before: number, then: number, at: number) => (seconds: number) => (seconds <= at ? before : then);
const never = Number.POSITIVE_INFINITY;

describe('forecastTable() from one reading', () => {
  test('reports where one-way connections settle: rate times timeout and the time to the next scan', () => {
    const { equilibriumEntries, fullInSeconds } = first(100_000, ranFor(10, opened(200)));
    expect(equilibriumEntries).toBeCloseTo(200 * 135, -2);
    expect(fullInSeconds).toBe(never);
  });

  test.each([
    [10, 10_000],
    [60, 20_000],
    [90, 26_000],
  ])('after %i s reports when %i entries will be reached', (seconds, limit) => {
    const forecast = first(limit, ranFor(seconds, opened(200)));
    expect(forecast.fullInSeconds).toBeCloseTo(limit / 200 - seconds, 0);
  });

  test('lets connections in use stay and their ends come at the present rate', () => {
    const forecast = first(10_000, ranFor(400, twoWay(20, 30)));
    // 20 * 30 in use; 20 * 135 in TIME_WAIT.
    expect(forecast.equilibriumEntries).toBeCloseTo(600 + 2700, -2);
    expect(forecast.fullInSeconds).toBe(never);
  });

  test('does not extrapolate connections in use by their timeout of five days', () => {
    const forecast = first(100_000, ranFor(60, leaked(100)));
    expect(forecast).toEqual({ equilibriumEntries: 6000, fullInSeconds: never });
  });

  test('lets streams of datagrams stay that are in use', () => {
    const forecast = first(100_000, ranFor(300, streamed(20, 0.3, 60)));
    // 20 * 60 in use; 20 * (30 + 15) silent.
    expect(forecast.equilibriumEntries / (1200 + 900)).toBeCloseTo(1, 1);
    expect(forecast.fullInSeconds).toBe(never);
  });

  test('forgets a burst when it is over', () => {
    const burst = (seconds: number) => (seconds > 100 && seconds <= 103 ? 5000 : 20);
    const during = first(100_000, ranFor(103, opened(burst)));
    expect(during.fullInSeconds).toBeLessThan(60);
    const later = first(100_000, ranFor(110, opened(burst)));
    expect(later.equilibriumEntries).toBeLessThan(4500);
    expect(later.fullInSeconds).toBe(never);
  });

  test('is full at its limit and above, and never without one', () => {
    const table = ranFor(100, opened(100));
    expect(first(table.count(), table).fullInSeconds).toBe(0);
    expect(first(50, table).fullInSeconds).toBe(0);
    expect(first(0, table).fullInSeconds).toBe(never);
    expect(first(Number.NaN, table).fullInSeconds).toBe(never);
    expect(first(-1, table).fullInSeconds).toBe(never);
  });

  test('forecasts nothing for an empty table', () => {
    expect(first(1000, ranFor(0))).toEqual({ equilibriumEntries: 0, fullInSeconds: never });
  });

  test('takes the expired entries that a sample cannot see to be 30 seconds of them', () => {
    const table = ranFor(299, opened(300));
    expect(table.count()).toBeGreaterThan(300 * 175);
    const { equilibriumEntries } = first(100_000, table, 5000);
    expect(Math.abs(equilibriumEntries / (300 * 180) - 1)).toBeLessThan(0.25);
  });
});

describe('forecastTable() with a history', () => {
  test('sees a step fill the table minutes before', () => {
    const traffic = opened(step(20, 150, 300));
    const forecasts = watch(simulateTable([traffic]), 420, 15_000);
    // A scan every 15 s removes what expired before: 20/s go, 150/s come. 2400 at the step, full 96 s later.
    const times = forecasts
      .filter(({ at }) => at >= 315 && at <= 375)
      .map(({ at, fullInSeconds }) => at + fullInSeconds);
    for (const at of times) expect(Math.abs(at - 396)).toBeLessThan(5);
    expect(forecasts.filter(({ at }) => at <= 300).every(({ fullInSeconds }) => fullInSeconds === never)).toBe(true);
    expect(forecasts.find(({ at }) => at === 420)?.fullInSeconds).toBe(0);
  });

  test('is not confused by a burst of connections that end and by none after it', () => {
    const burst = (seconds: number) => (seconds > 312 && seconds <= 315 ? 400 : 0);
    const forecasts = watch(simulateTable([opened(step(20, 200, 330)), longOneSided(burst)]), 420, 20_000);
    // 2,500 entries and 1,200 of the burst at 330 s, then 180/s more come than go.
    for (const { at, fullInSeconds } of forecasts.filter(({ at }) => at >= 390)) {
      expect(Math.abs(at + fullInSeconds - 421)).toBeLessThan(5);
    }
  });

  test('takes into account that its own readings remove what expired', () => {
    const forecasts = watch(simulateTable([opened(100)]), 60, 100_000);
    const settles = forecasts.map(({ equilibriumEntries }) => Math.round(equilibriumEntries / 100));
    expect(settles).toEqual([135, 135, 135, 135]);
  });

  test('learns how long the garbage collector leaves expired entries', () => {
    const forecasts = watch(simulateTable([opened(100)], 0, 10), 900, 100_000, { interval: 62 });
    expect(forecasts.at(1)?.equilibriumEntries).toBeCloseTo(100 * 180, -2);
    expect(forecasts.at(-1)?.equilibriumEntries).toBeGreaterThan(100 * 126);
    expect(forecasts.at(-1)?.equilibriumEntries).toBeLessThan(100 * 131);
  });

  test('follows a leak of connections that stay, once it was watched for nearly as long as is left', () => {
    const forecasts = watch(simulateTable([leaked(5), twoWay(20, 5)]), 900, 8000);
    const filled = (8000 - 20 * 140) / 5;
    for (const { at, fullInSeconds } of forecasts.filter(({ at }) => at >= 510))
      expect(Math.abs(at + fullInSeconds - filled)).toBeLessThan(100);
    expect(forecasts.find(({ at }) => at === 300)?.fullInSeconds).toBe(never);
  });

  test('does not trust a short rise for long', () => {
    const forecasts = watch(simulateTable([leaked(1)]), 300, 100_000);
    expect(forecasts.every(({ fullInSeconds }) => fullInSeconds === never)).toBe(true);
  });

  test('does not take a step in the number of connections for a rise that goes on', () => {
    const forecasts = watch(simulateTable([twoWay(step(5, 15, 600), 30)]), 1200, 3000);
    expect(forecasts.filter(({ at }) => at >= 660).every(({ fullInSeconds }) => fullInSeconds === never)).toBe(true);
  });

  test('does not take ports that are used again for a table that fills', () => {
    const forecasts = watch(simulateTable([twoWayReused(200, 20)]), 300, 10_000);
    for (const { equilibriumEntries, fullInSeconds } of forecasts.slice(2)) {
      expect(equilibriumEntries).toBeGreaterThan(200 * 15);
      expect(equilibriumEntries).toBeLessThan(200 * 30);
      expect(fullInSeconds).toBe(never);
    }
  });

  test('is not misled by a flush', () => {
    const table = simulateTable([opened(100), twoWay(20, 100)]);
    const forecasts = watch(table, 600, 100_000, { flushAt: 300 }).filter(({ at }) => at > 300);
    expect(forecasts.every(({ fullInSeconds }) => fullInSeconds === never)).toBe(true);
    // 100/s stay 120 to 180 s whatever was there before.
    for (const { equilibriumEntries } of forecasts.filter(({ at }) => at > 330)) {
      expect(equilibriumEntries).toBeGreaterThan(100 * 120);
      expect(equilibriumEntries).toBeLessThan(26_000);
    }
  });

  test('follows a limit that is changed', () => {
    const table = ranFor(20, opened(100));
    expect(first(5000, table).fullInSeconds).toBeCloseTo(30, 0);
    expect(first(10_000, table).fullInSeconds).toBeCloseTo(80, 0);
    expect(first(100_000, table).fullInSeconds).toBe(never);
  });

  test('reports 0 seconds while a full table evicts', () => {
    const table = simulateTable([opened(200)], 10_000);
    const forecasts = watch(table, 300, 10_000);
    expect(table.evicted()).toBeGreaterThan(10_000);
    expect(forecasts.filter(({ at }) => at >= 60).map(({ fullInSeconds }) => fullInSeconds)).toEqual(Array(17).fill(0));
    // Entries that are evicted young are not counted as arrivals: 200/s are read as 160 to 200/s.
    expect(forecasts.at(-1)?.equilibriumEntries).toBeGreaterThan(160 * 120);
  });

  test('forecasts datagrams', () => {
    const forecasts = watch(simulateTable([asked(step(10, 400, 120))]), 180, 15_000, { interval: 5 });
    // 30 s of 400/s and what expired since the last reading: 12,000 to 14,000 entries.
    expect(forecasts.at(-1)?.fullInSeconds).toBe(never);
    expect(forecasts.at(-1)?.equilibriumEntries).toBeGreaterThan(12_000);
  });
});
