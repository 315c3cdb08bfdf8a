import { describe, expect, test } from 'vitest';
import { type SimulatedTable, simulateTable } from '../simulated-table.ts';
import { asked, deleted, leaked, opened, twoWay } from '../traffic.ts';
import { watch } from './watch.ts';

const never = Number.POSITIVE_INFINITY;
const between = (from: number, to: number, perSecond: number) => (seconds: number) =>
  seconds > from && seconds <= to ? perSecond : 0;

/** All entries are deleted at a second, which no scan is at. */
function flushedAt(second: number, table: SimulatedTable): SimulatedTable {
  const run = (seconds: number) => {
    const before = Math.max(0, Math.min(seconds, second - table.seconds()));
    table.run(before);
    if (before > 0 && before < seconds) table.flush();
    table.run(seconds - before);
  };
  return { ...table, run };
}

/** 450 connections take the place of the entries that are deleted, so the table has as many as before. */
const held = leaked(between(302, 312, 45));

describe('entries that an operator deletes', () => {
  test('do not change the forecast of later one-way connections', () => {
    const traffic = [opened(between(0, 301, 1)), twoWay(between(0, 301, 5), 1), held, opened(between(330, 1e6, 20))];
    const table = flushedAt(301, simulateTable(traffic));
    table.run(270);
    const forecasts = watch(table, 105, 1500).filter(({ at }) => at >= 345);
    expect(forecasts.map(({ at }) => at)).toEqual([345, 360, 375]);
    for (const { at, fullInSeconds } of forecasts) expect(Math.abs(at + fullInSeconds - 382.5)).toBeLessThan(4);
  });

  test('do not change the forecast of later datagrams', () => {
    const traffic = [asked(between(0, 301, 5)), held, asked(between(330, 1e6, 50))];
    const table = flushedAt(301, simulateTable(traffic));
    table.run(270);
    const forecasts = watch(table, 80, 1500, { interval: 5 }).filter(({ at }) => at >= 335);
    expect(forecasts).toHaveLength(4);
    for (const { at, fullInSeconds } of forecasts) expect(Math.abs(at + fullInSeconds - 351)).toBeLessThan(4);
  });
});

test('connections that their clients reset are level from the third reading on', () => {
  const table = simulateTable([deleted(40, 45)]);
  table.run(150);
  for (const { equilibriumEntries, fullInSeconds } of watch(table, 150, 4000).slice(2)) {
    expect(Math.abs(equilibriumEntries / 1800 - 1)).toBeLessThan(0.3);
    expect(fullInSeconds).toBe(never);
  }
});

test('a clock that disagrees with the timers changes nothing', () => {
  const table = simulateTable([opened(between(0, 1e6, 20)), leaked(between(0, 10, 45))]);
  table.run(20);
  const forecasts = watch(table, 30, 1500, { clockSeconds: 40 });
  for (const { at, fullInSeconds } of forecasts) expect(Math.abs(at + fullInSeconds - 52.5)).toBeLessThan(4);
});

test('a recording that returns the same reading again changes nothing', () => {
  const table = simulateTable([opened(20), leaked(between(0, 10, 45))]);
  table.run(20);
  const [, , last] = watch(table, 30, 1500, { interval: 10 });
  const still = { ...table, run: () => undefined };
  const again = watch(still, 45, 1500, { clockSeconds: 15 });
  for (const { fullInSeconds } of again) expect(fullInSeconds).toBeCloseTo(last?.fullInSeconds ?? 0, 0);
});
