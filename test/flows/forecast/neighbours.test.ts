import { describe, expect, test } from 'vitest';
import { destinationArrivals, estimateArrivals } from '../../../src/flows/forecast/arrivals.ts';
import { type Phase, simulateTable, type Traffic } from '../simulated-table.ts';
import { asked, deleted, keptAlive, opened, twoWay, twoWayReused } from '../traffic.ts';
import { watch } from './watch.ts';

const never = Number.POSITIVE_INFINITY;
const forGood = 1e6;
const between = (from: number, to: number, perSecond: number) => (seconds: number) =>
  seconds > from && seconds <= to ? perSecond : 0;

/** Flows of one phase. */
function inPhase(protocol: number, perSecond: (seconds: number) => number, phase: Omit<Phase, 'from'>): Traffic {
  const { life } = opened(perSecond);
  return { perSecond, life: (random) => ({ ...life(random), protocol, phases: [{ from: 0, ...phase }] }) };
}

const oneWay = { replied: false, assured: false };
const assured = { replied: true, assured: true };
const kept = (flows: number) => keptAlive(between(0, 25, flows / 25), 25, forGood);

describe('a table that stays level', () => {
  test.each([
    [
      'SCTP associations with heartbeats',
      1000,
      [
        inPhase(132, between(0, 30, 1000 / 30), {
          state: 'ESTABLISHED',
          ...assured,
          timeout: 210,
          every: 30,
          lastPacket: forGood,
        }),
      ],
    ],
    [
      'connections under a policy of 300 s',
      1200,
      [
        inPhase(6, between(0, 60, 20), {
          state: 'ESTABLISHED',
          ...assured,
          timeout: 300,
          every: 60,
          lastPacket: forGood,
        }),
      ],
    ],
    ['keepalives and new one-way connections', 3800, [kept(2000), opened(15)]],
    [
      'one-way heartbeats, lookups, two-way and one-way connections',
      4430,
      [
        keptAlive(between(0, 20, 100), 20, forGood, { timeout: 30, answered: false }),
        asked(20),
        twoWay(10, 3),
        opened(5),
      ],
    ],
  ] as const)('%s', (_, level, traffics) => {
    const table = simulateTable(traffics);
    table.run(300);
    for (const { equilibriumEntries, fullInSeconds, entries } of watch(table, 90, 2 * level)) {
      expect(Math.abs(entries / level - 1)).toBeLessThan(0.05);
      expect(Math.abs(equilibriumEntries / entries - 1)).toBeLessThan(0.3);
      expect(fullInSeconds).toBe(never);
    }
  });

  test('a table that empties', () => {
    const table = simulateTable([opened(between(0, 300, 30)), asked(between(0, 300, 60)), kept(1000)]);
    table.run(300);
    for (const { equilibriumEntries, fullInSeconds, entries } of watch(table, 180, 10_000).slice(1)) {
      expect(equilibriumEntries).toBeLessThan(1.3 * entries);
      expect(fullInSeconds).toBe(never);
    }
  });
});

describe('a table that fills', () => {
  interface Case {
    readonly limit: number;
    readonly perSecond: number;
    readonly present?: number;
    /** When the forecast must be right, at the latest. */
    readonly known?: number;
    readonly traffics: readonly Traffic[];
  }
  const from300 = (perSecond: number) => between(300, forGood, perSecond);
  const cases: Readonly<Record<string, Case>> = {
    'one-way connections beside keepalives': {
      limit: 6000,
      perSecond: 40,
      present: 2000,
      traffics: [kept(2000), opened(from300(40))],
    },
    'SYNs under a policy of 600 s': {
      limit: 8000,
      perSecond: 30,
      traffics: [inPhase(6, from300(30), { state: 'SYN_SENT', ...oneWay, timeout: 600 })],
    },
    'datagrams under a policy of 300 s': {
      limit: 5000,
      perSecond: 30,
      traffics: [inPhase(17, from300(30), { state: '', ...oneWay, timeout: 300 })],
    },
    'a tunnel protocol one way': {
      limit: 3000,
      perSecond: 20,
      traffics: [inPhase(50, from300(20), { state: '', ...oneWay, timeout: 600 })],
    },
    'DCCP on a kernel that does not track its states': {
      limit: 3000,
      perSecond: 20,
      traffics: [inPhase(33, from300(20), { state: '', ...oneWay, timeout: 600 })],
    },
    // Only entries that are older than 45 s show that these clients do not reset their connections.
    'connections that stay after others whose clients reset them': {
      limit: 5000,
      perSecond: 40,
      known: 365,
      traffics: [deleted(between(0, 255, 40), 45), opened(from300(40))],
    },
    'connections of other clients than those that use their ports again': {
      limit: 5000,
      perSecond: 40,
      traffics: [twoWayReused((seconds) => (seconds < 240 ? 40 : 0), 60), twoWay(from300(40), 0.1)],
    },
  };

  test.each(Object.entries(cases))('%s', (_, { limit, perSecond, present = 0, known = 330, traffics }) => {
    const table = simulateTable(traffics);
    table.run(240);
    const full = 300 + (limit - present) / perSecond;
    const forecasts = watch(table, 180, limit).filter(({ at }) => at > known && at < full);
    expect(forecasts.length).toBeGreaterThan(1);
    for (const { at, fullInSeconds } of forecasts) {
      expect(Math.abs(fullInSeconds / (full - at) - 1)).toBeLessThan(0.3);
    }
  });
});

test('arrivals under a policy are counted, whatever the policy', () => {
  for (const timeout of [10, 300]) {
    const table = simulateTable([inPhase(17, () => 30, { state: '', ...oneWay, timeout })]);
    table.run(200);
    for (const { census, turnover } of watch(table, 60, 100_000).slice(1)) {
      // Of those that live for less than an interval, only the ones still there are met.
      const [{ perSecond = 0 } = {}] = estimateArrivals(census, turnover);
      expect(perSecond).toBeGreaterThan(0.6 * 30);
      expect(perSecond).toBeLessThan(1.1 * 30);
    }
  }
});

test.each([
  ['of 20 s', [20]],
  ['of 600 s', [600]],
  ['of 20 s for some of it', [20, 120]],
  ['of 20 s and of 300 s', [20, 300]],
])('arrivals of a destination under a policy %s are counted from the third scan on', (_, seconds) => {
  const share = 30 / seconds.length;
  const table = simulateTable(
    seconds.map((timeout) => inPhase(6, () => share, { state: 'SYN_SENT', ...oneWay, timeout })),
  );
  table.run(700);
  for (const { census } of watch(table, 90, 100_000).slice(2)) {
    const [destination] = census.destinations;
    const { perSecond } = destination ? destinationArrivals(census, destination) : { perSecond: 0 };
    expect(Math.abs(perSecond / 30 - 1)).toBeLessThan(0.2);
  }
});
