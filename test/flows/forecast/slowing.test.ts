import { describe, expect, test } from 'vitest';
import { simulateTable, type Traffic } from '../simulated-table.ts';
import { leaked, twoWay } from '../traffic.ts';
import { watch } from './watch.ts';

const never = Number.POSITIVE_INFINITY;
const timeWaitSeconds = 120 + 15;

/** Connections that all begin after 300 s and last for so long on average, some far longer than others. */
function lasting(flows: number, meanSeconds: number): Traffic {
  const perSecond = (second: number) => (second <= 300 ? 0 : flows / (meanSeconds + timeWaitSeconds));
  const life = (random: () => number) => twoWay(perSecond, -meanSeconds * Math.log(1 - random())).life(random);
  return { perSecond, life };
}

describe('connections that begin together', () => {
  test.each([
    [120, 0.8],
    [300, 0.85],
    [600, 0.88],
  ])('and last %i s on average come to a level of %f', (meanSeconds, share) => {
    const limit = 2048;
    const table = simulateTable([lasting(share * limit, meanSeconds)], limit, 15);
    table.run(240);
    const forecasts = watch(table, 60 + 3 * meanSeconds, limit);
    const foretold = forecasts.filter(({ fullInSeconds }) => fullInSeconds < never);
    expect(foretold.map(({ at, entries, fullInSeconds }) => ({ at, entries, fullInSeconds }))).toEqual([]);
  });

  test('and slow down on their way to more than fits are foretold to fill the table', () => {
    const limit = 2048;
    const table = simulateTable([lasting(1.3 * limit, 400)], 0, 15);
    table.run(240);
    const forecasts = watch(table, 900, limit);
    const full = forecasts.find(({ entries }) => entries >= limit)?.at ?? never;
    const minuteBefore = forecasts.filter(({ at }) => at < full && at >= full - 60);
    expect(minuteBefore.length).toBeGreaterThan(3);
    for (const { at, fullInSeconds } of minuteBefore) expect(at + fullInSeconds).toBeLessThan(full + 60);
  });
});

describe('connections that stay and fill the table before a third scan could show it', () => {
  test.each([2, 6, 10, 12])('are foretold by two scans, %i s after the first of which they began', (phase) => {
    const limit = 2048;
    const began = 300 + phase;
    const table = simulateTable([leaked((second) => (second <= began ? 0 : limit / 40))]);
    table.run(240);
    const [soonest] = watch(table, 105, limit).filter(({ fullInSeconds }) => fullInSeconds < never);
    expect(soonest?.at).toBe(330);
    expect(Math.abs(330 + (soonest?.fullInSeconds ?? 0) - (began + 40))).toBeLessThan(4);
  });
});
