import { describe, expect, test } from 'vitest';
import { estimateArrivals } from '../../../src/flows/forecast/arrivals.ts';
import { simulateTable, type Traffic } from '../simulated-table.ts';
import { asked, keptAlive, leaked, twoWay, twoWayReused } from '../traffic.ts';
import { type Watched, watch } from './watch.ts';

const never = Number.POSITIVE_INFINITY;
const forGood = 1e6;

/** So many flows that begin within the first seconds, and no more. */
const at = (from: number, to: number, perSecond: number) => (seconds: number) =>
  seconds > from && seconds <= to ? perSecond : 0;

function arrivals({ census, turnover }: Watched, protocol: string): number {
  const rates = estimateArrivals(census, turnover).filter((one) => one.protocol === protocol);
  return rates.reduce((total, { perSecond }) => total + perSecond, 0);
}

describe('a population in steady use', () => {
  test.each([
    ['UDP with 120 s, every 25 s', 'udp', 25, { timeout: 120 }],
    ['UDP with 120 s, every 115 s', 'udp', 115, { timeout: 120 }],
    ['UDP one way with 30 s, every 20 s', 'udp', 20, { timeout: 30, answered: false }],
    ['UDP one way with 30 s, every 28 s', 'udp', 28, { timeout: 30, answered: false }],
    ['ICMP with 30 s, every 10 s', 'icmp', 10, { timeout: 30, protocol: 1, answered: false }],
    ['GRE with 180 s, every 60 s', 'gre', 60, { timeout: 180, protocol: 47 }],
    ['ESP with 600 s, every 90 s', '50', 90, { timeout: 600, protocol: 50 }],
  ] as const)('is level: %s', (_, protocol, every, kind) => {
    const table = simulateTable([keptAlive(at(0, every, 1000 / every), every, forGood, kind)]);
    table.run(150);
    const forecasts = watch(table, 300, 1500);
    for (const { equilibriumEntries, fullInSeconds, entries } of forecasts) {
      expect(fullInSeconds).toBe(never);
      expect(Math.abs(equilibriumEntries / entries - 1)).toBeLessThan(0.05);
    }
    for (const one of forecasts.slice(1)) expect(arrivals(one, protocol)).toBe(0);
  });

  test('is level when all of it sends at the same moment', () => {
    const table = simulateTable([keptAlive(at(0, 1, 1000), 25, forGood)]);
    table.run(150);
    for (const { equilibriumEntries } of watch(table, 300, 1500)) expect(equilibriumEntries).toBeCloseTo(1000, -1);
  });

  test('is level when flows of it end and others begin', () => {
    const table = simulateTable([keptAlive(2, 25, 600)]);
    table.run(1200);
    for (const one of watch(table, 300, 3000).slice(2)) {
      expect(Math.abs(one.equilibriumEntries / (2 * 735) - 1)).toBeLessThan(0.1);
      expect(one.fullInSeconds).toBe(never);
      expect(Math.abs(arrivals(one, 'udp') - 2)).toBeLessThan(1);
    }
  });

  test('is level in a sample, whose first buckets are the same each time', () => {
    const table = simulateTable([keptAlive(at(0, 25, 160), 25, forGood), asked(10)]);
    table.run(150);
    for (const { equilibriumEntries, fullInSeconds } of watch(table, 200, 6000, { sample: 1500 }).slice(1)) {
      expect(Math.abs(equilibriumEntries / (4000 + 10 * 45) - 1)).toBeLessThan(0.1);
      expect(fullInSeconds).toBe(never);
    }
  });

  test('does not hide flows of the same class that turn over', () => {
    const heartbeats = keptAlive(at(0, 20, 100), 20, forGood, { timeout: 30, answered: false });
    const table = simulateTable([heartbeats, asked(at(305, forGood, 200))]);
    table.run(290);
    const [, ...forecasts] = watch(table, 45, 9000);
    // 2,000 in use, and 200/s for 30 s and the lag between two readings.
    for (const { equilibriumEntries } of forecasts) expect(Math.abs(equilibriumEntries / 11_000 - 1)).toBeLessThan(0.3);
  });

  test('grows when flows join it, and is full when they fill it', () => {
    const joining = keptAlive(at(300, forGood, 60), 25, forGood);
    const table = simulateTable([keptAlive(at(0, 25, 80), 25, forGood), joining]);
    table.run(240);
    const forecasts = watch(table, 165, 8000).filter(({ at }) => at >= 360 && at < 390);
    for (const { at, fullInSeconds } of forecasts) {
      expect(Math.abs(fullInSeconds / (300 + 6000 / 60 - at) - 1)).toBeLessThan(0.3);
    }
  });
});

describe('ports that are used again', () => {
  const reused = (perSecond: number, ...seconds: number[]): Traffic[] =>
    seconds.map((one) => twoWayReused(perSecond / seconds.length, one));

  test('make a table level from the second reading on', () => {
    const table = simulateTable(reused(50, 65, 80, 95));
    table.run(150);
    for (const { equilibriumEntries, fullInSeconds } of watch(table, 240, 5000)) {
      expect(Math.abs(equilibriumEntries / 4000 - 1)).toBeLessThan(0.15);
      expect(fullInSeconds).toBe(never);
    }
  });

  test.each([5, 15, 20, 40, 60])('make a table level that is nearly full, read every %i s', (interval) => {
    const table = simulateTable(reused(50, 65, 75, 85, 95), 0, 15);
    table.run(150);
    const [, , ...forecasts] = watch(table, 20 * interval, 4300, { interval });
    for (const { equilibriumEntries, fullInSeconds } of forecasts.slice(4)) {
      expect(Math.abs(equilibriumEntries / 4000 - 1)).toBeLessThan(0.07);
      expect(fullInSeconds).toBe(never);
    }
  });

  test('are not expected of more connections than there were', () => {
    const more = twoWay(at(300, forGood, 60), 1);
    const table = simulateTable([...reused(50, 65, 80, 95), more]);
    table.run(290);
    const forecasts = watch(table, 45, 8000).filter(({ at }) => at > 310);
    for (const { at, fullInSeconds } of forecasts) {
      expect(Math.abs(fullInSeconds / (300 + 4000 / 60 - at) - 1)).toBeLessThan(0.3);
    }
  });
});

describe('connections that stay', () => {
  test('three scans that rise alike are enough', () => {
    const table = simulateTable([leaked(at(5, forGood, 110))]);
    const forecasts = watch(table, 75, 8192);
    expect(forecasts.slice(0, 3).map(({ fullInSeconds }) => fullInSeconds)).toEqual([never, never, never]);
    for (const { at, fullInSeconds } of forecasts.slice(3)) {
      expect(Math.abs(fullInSeconds / (5 + 8192 / 110 - at) - 1)).toBeLessThan(0.3);
    }
  });

  test.each([
    ['at once', 1],
    ['within 25 s', 25],
    ['within a minute', 60],
    ['within 5 minutes', 300],
  ])('that come %s and take two fifths of the table do not fill it', (_, seconds) => {
    const table = simulateTable([leaked(at(305, 305 + seconds, 1600 / seconds))]);
    table.run(300);
    for (const { fullInSeconds } of watch(table, 600, 4000)) expect(fullInSeconds).toBe(never);
  });

  test('that come back ever more slowly are expected to go on as slowly', () => {
    const back = (seconds: number) => (seconds <= 305 ? 0 : 100 * Math.exp(-(seconds - 305) / 20));
    const table = simulateTable([leaked(back), keptAlive(back, 25, forGood)]);
    table.run(300);
    for (const { fullInSeconds } of watch(table, 300, 6000)) expect(fullInSeconds).toBe(never);
  });
});
