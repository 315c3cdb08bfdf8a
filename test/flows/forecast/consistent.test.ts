import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simulateTable, type Traffic } from '../simulated-table.ts';
import { asked, deleted, keptAlive, leaked, opened, streamed, twoWay, twoWayReused } from '../traffic.ts';
import { watch } from './watch.ts';

const forGood = 1e6;

/** Of every kind of timer; the rate is that before and after a step. */
const kinds: readonly ((perSecond: (seconds: number) => number) => Traffic)[] = [
  opened,
  asked,
  leaked,
  (perSecond) => deleted(perSecond, 40),
  (perSecond) => twoWay(perSecond, 30),
  (perSecond) => twoWayReused(perSecond, 25),
  (perSecond) => streamed(perSecond, 7, 60),
  (perSecond) => keptAlive(perSecond, 25, forGood),
];

const anyTraffic = fc.record({
  kind: fc.constantFrom(...kinds),
  before: fc.integer({ min: 1, max: 20 }),
  after: fc.integer({ min: 0, max: 30 }),
});

/** Of the entries present, and of those that are expected. */
const parts = [0.9, 1.0001, 1.05, 1.3, 2, 4];

test('a table fills exactly if it is expected to hold more than its limit, whatever the traffic and the limit', () => {
  const mixes = fc.array(anyTraffic, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(mixes, fc.integer({ min: 30, max: 150 }), (mix, stepAt) => {
      const steps = mix.map(({ kind, before, after }) => kind((seconds) => (seconds <= stepAt ? before : after)));
      for (const { entries, census, withLimit } of watch(simulateTable(steps), 180, 0)) {
        const settles = withLimit(0).equilibriumEntries;
        // A limit of 0 is none.
        const limits = parts.flatMap((part) => [part * entries, part * settles]).filter((limit) => limit > 0);
        for (const limit of limits) {
          const { equilibriumEntries, fullInSeconds } = withLimit(limit);
          if (census.count >= limit) expect(fullInSeconds).toBe(0);
          else expect([limit, Number.isFinite(fullInSeconds)]).toEqual([limit, equilibriumEntries > limit]);
        }
      }
    }),
    { numRuns: 8 },
  );
});
