import { describe, expect, it } from 'vitest';
import { kernelTimers, type Load, staySeconds } from '../../src/plan/load.ts';
import { planTable } from '../../src/plan/plan.ts';
import { limitFor } from '../../src/plan/sizing.ts';

const half = (perSecond: number, durationSeconds: number): Load => ({
  protocol: 'tcp',
  seen: 'half',
  perSecond,
  durationSeconds,
});
const plan = (limit: number | undefined, ...loads: readonly Load[]) => planTable(loads, kernelTimers, limit);

describe('staySeconds()', () => {
  it.each([
    ['tcp', 'half', 2, 120],
    ['tcp', 'half', 120, 120],
    ['tcp', 'half', 600, 720],
    ['tcp', 'both', 10, 130],
    ['udp', 'half', 10, 40],
    ['udp', 'both', 2, 32],
    ['udp', 'both', 3, 123],
  ] as const)('%s, seen by %s, lasting %i s: %i s', (protocol, seen, durationSeconds, expected) => {
    expect(staySeconds({ protocol, seen, perSecond: 1, durationSeconds }, kernelTimers)).toBe(expected);
  });
});

describe('planTable()', () => {
  it('needs 120 to 180 entries for each new connection a second, however short it is', () => {
    for (const duration of [0, 1, 60, 120]) {
      expect(plan(undefined, half(100, duration))).toMatchObject({ liveEntries: 12_000, maxEntries: 18_000 });
    }
  });

  it('adds up what there is', () => {
    const udp: Load = { protocol: 'udp', seen: 'half', perSecond: 20, durationSeconds: 0 };
    expect(plan(undefined, half(100, 2), udp)).toMatchObject({
      liveEntries: 12_600,
      maxEntries: 19_800,
      limit: 32_768,
    });
  });

  it('has no present table unless its limit is given', () => {
    expect(plan(undefined, half(1, 1)).present).toBeUndefined();
  });

  it('takes a limit of 0 for none', () => {
    expect(plan(0, half(1, 1)).present).toMatchObject({ limit: Infinity, fullAfterSeconds: Infinity });
  });

  it.each([
    ['before anything expires', 6000, [half(100, 2)], 60],
    ['just as it settles', 18_000, [half(100, 2)], 180],
    ['never', 18_001, [half(100, 2)], Number.POSITIVE_INFINITY],
    // 110 a second until those of the first load go at 180 s, then 10.
    ['after it rose in two slopes', 20_800, [half(100, 2), half(10, 600)], 280],
  ] as const)('is full %s', (_what, limit, loads, seconds) => {
    expect(plan(limit, ...loads).present?.fullAfterSeconds).toBeCloseTo(seconds, 6);
  });

  it('gives the share of the load for which the present table is sufficient', () => {
    expect(plan(9000, half(100, 2)).present).toMatchObject({ limit: 9000, entriesPerSecond: 100, timesTheLoad: 0.5 });
    expect(plan(9000).present).toMatchObject({ entriesPerSecond: 0, timesTheLoad: Number.POSITIVE_INFINITY });
  });
});

describe('limitFor()', () => {
  it.each([
    [0, 1024],
    [682, 1024],
    [683, 2048],
    [174_763, 262_144 * 2],
  ])('%i entries, with a reserve of a half', (entries, limit) => {
    expect(limitFor(entries)).toBe(limit);
  });
});
