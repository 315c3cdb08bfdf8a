import { describe, expect, test } from 'vitest';
import { simulateTable, type Traffic } from '../simulated-table.ts';
import { leaked, twoWay } from '../traffic.ts';
import { watch } from './watch.ts';

const never = Number.POSITIVE_INFINITY;
const second = (at: number, flows: number) => (now: number) => (now > at && now <= at + 1 ? flows : 0);

/** So many connections that were opened within 100 s and are all closed within a second. */
function closedAt(seconds: number, flows: number): Traffic[] {
  return Array.from({ length: 10 }, (_, index) => twoWay(second(10 * index, flows / 10), seconds - 10 * index));
}

const limit = 2000;
const web = twoWay(3, 30);

describe('connections that are all closed at once', () => {
  test.each([391, 396, 400, 404])('by a server that stops at %i s do not go on to close', (at) => {
    const table = simulateTable([...closedAt(at, 1000), web], limit, 15);
    table.run(300);
    const forecasts = watch(table, 300, limit);
    for (const { equilibriumEntries, fullInSeconds, entries } of forecasts.slice(2)) {
      expect(fullInSeconds).toBe(never);
      expect(equilibriumEntries).toBeLessThan(1.2 * entries);
    }
  });

  test.each([391, 396, 400, 404])('by a server that starts again at %i s do not go on to close', (at) => {
    const back = leaked((now) => (now > at && now <= at + 10 ? 60 : 0));
    const table = simulateTable([...closedAt(at, 600), back, web], limit, 15);
    table.run(300);
    for (const { fullInSeconds } of watch(table, 300, limit)) expect(fullInSeconds).toBe(never);
  });

  test('do not hide short connections that fill the table', () => {
    const short = twoWay((now) => (now > 400 ? 20 : 0), 1);
    const table = simulateTable([...closedAt(400, 1000), web, short], 0, 15);
    table.run(300);
    const forecasts = watch(table, 180, limit).filter(({ at }) => at >= 405 && at < 425);
    expect(forecasts).toHaveLength(2);
    const full = 400 + (limit - 1000 - 3 * 150) / 20;
    for (const { at, fullInSeconds } of forecasts) expect(Math.abs(fullInSeconds / (full - at) - 1)).toBeLessThan(0.3);
  });

  test('do not hide connections that others open instead', () => {
    const stay = leaked((now) => (now > 397 ? 20 : 0));
    const table = simulateTable([...closedAt(397, 300), ...closedAt(404, 300), stay, web], 0, 15);
    table.run(300);
    const [soonest] = watch(table, 180, limit).filter(({ fullInSeconds }) => fullInSeconds < never);
    expect(soonest?.at).toBeLessThanOrEqual(450);
  });
});
