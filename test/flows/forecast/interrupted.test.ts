import { describe, expect, test } from 'vitest';
import { simulateTable, type Traffic, timeouts } from '../simulated-table.ts';
import { asked, keptAlive, leaked, opened, silent } from '../traffic.ts';
import { type Change, type Watched, type WatchOptions, watch } from './watch.ts';

const never = Number.POSITIVE_INFINITY;
const forGood = 1e6;
const after = (seconds: number, perSecond: number) => (now: number) => (now > seconds ? perSecond : 0);
const until = (seconds: number, perSecond: number) => (now: number) => (now > seconds ? 0 : perSecond);

/** SYNs without an answer, of which each is kept for `timeout`. */
function opening(perSecond: (second: number) => number, timeout: number): Traffic {
  const { life } = opened(perSecond);
  const phase = { from: 0, state: 'SYN_SENT', replied: false, assured: false, timeout };
  return { perSecond, life: (random) => ({ ...life(random), phases: [phase] }) };
}

const synSent = (seconds: number) => new Map([...timeouts, ['nf_conntrack_tcp_timeout_syn_sent', seconds]]);

/** Each forecast is right to 30 %, or none. */
function expectRight(forecasts: readonly Watched[], fullAt: number): void {
  expect(forecasts.length).toBeGreaterThan(0);
  for (const { at, fullInSeconds } of forecasts) {
    if (fullInSeconds === never) continue;
    expect(Math.abs(fullInSeconds / (fullAt - at) - 1)).toBeLessThan(0.3);
  }
  expect(forecasts.some(({ fullInSeconds }) => fullInSeconds < never)).toBe(true);
}

/** A rise that begins at 300 s, and something in its middle. Right again by `known`. */
interface Interrupted {
  readonly traffics: readonly Traffic[];
  readonly limit: number;
  readonly fullAt: number;
  readonly known: number;
  readonly change: Change;
  readonly options?: WatchOptions;
}

const oneWay = [opened(after(300, 40))];
const stay = [leaked(after(300, 20))];
const slow = [leaked(after(300, 14))];
const cases: Readonly<Record<string, Interrupted>> = {
  'the exporter starts again, connections one way': {
    ...{ traffics: oneWay, limit: 4000, fullAt: 400, known: 345, change: { at: 345, restart: true } },
  },
  'the exporter starts again, connections that stay': {
    ...{ traffics: stay, limit: 3000, fullAt: 450, known: 360, change: { at: 360, restart: true } },
  },
  'the limit is lowered, connections one way': {
    ...{ traffics: oneWay, limit: 4400, fullAt: 370, known: 340, change: { at: 340, limit: 2800 } },
  },
  'the limit is raised, connections one way': {
    ...{ traffics: oneWay, limit: 2800, fullAt: 410, known: 340, change: { at: 340, limit: 4400 } },
  },
  'the limit is lowered, connections that stay': {
    ...{ traffics: stay, limit: 3000, fullAt: 425, known: 370, change: { at: 370, limit: 2500 } },
  },
  'a timer is raised': {
    traffics: [opening(until(330, 40), 20), opening(after(330, 40), 120)],
    ...{ limit: 3600, fullAt: 420, known: 375, change: { at: 331, timeouts: synSent(120) } },
  },
  'the table is flushed': {
    ...{ traffics: oneWay, limit: 3200, fullAt: 440, known: 375, change: { at: 360, flush: true } },
  },
  'the clock jumps ahead, connections one way': {
    ...{ traffics: oneWay, limit: 4000, fullAt: 400, known: 340, change: { at: 345, clock: 120 } },
  },
  'the clock jumps ahead, connections that stay': {
    ...{ traffics: slow, limit: 5600, fullAt: 700, known: 500, change: { at: 500, clock: 180 } },
  },
  'the clock jumps far ahead, connections that stay': {
    ...{ traffics: slow, limit: 5600, fullAt: 700, known: 500, change: { at: 500, clock: 550 } },
  },
  'the process is stopped, connections that stay': {
    ...{ traffics: slow, limit: 5600, fullAt: 700, known: 500, change: { at: 500, unwatched: 90 } },
  },
};

describe('a rise in whose middle', () => {
  test.each(Object.entries(cases))('%s', (_, { traffics, limit, fullAt, known, change }) => {
    const table = simulateTable(traffics);
    table.run(240);
    const forecasts = watch(table, fullAt - 240, limit, { changes: [change] });
    expectRight(
      forecasts.filter(({ at }) => at >= known && at < fullAt - 5),
      fullAt,
    );
  });

  test('a timer is lowered fills nothing any more', () => {
    const traffics = [opening((now) => (now > 300 && now <= 345 ? 40 : 0), 120), opening(after(345, 40), 20)];
    const table = simulateTable(traffics);
    table.run(240);
    const forecasts = watch(table, 200, 3600, { changes: [{ at: 346, timeouts: synSent(20) }] });
    for (const { at, fullInSeconds } of forecasts) if (at >= 375) expect(fullInSeconds).toBe(never);
  });

  test('the limit is raised beyond what comes fills nothing any more', () => {
    const table = simulateTable(oneWay);
    table.run(240);
    const forecasts = watch(table, 200, 3600, { changes: [{ at: 345, limit: 10_000 }] });
    for (const { at, fullInSeconds } of forecasts) if (at >= 345) expect(fullInSeconds).toBe(never);
  });
});

describe('a level table', () => {
  test.each<readonly [string, Change]>([
    ['the clock jumps ahead', { at: 600, clock: 120 }],
    // The garbage collector passed 40 s before the next one.
    ['scans fail', { at: 600, unwatched: 100 }],
  ])('stays level when %s', (_, change) => {
    const table = simulateTable([opened(() => 30)], 0, 60);
    table.run(300);
    const forecasts = watch(table, 600, 4600, { changes: [change] });
    // At 700 s, the table really has more entries than fit: none was removed for 40 s.
    const foretold = forecasts.filter(({ at, fullInSeconds }) => fullInSeconds < never && at !== 700);
    expect(foretold).toEqual([]);
  });
});

describe('at another interval', () => {
  test.each([5, 10, 30, 60])('of %i s, a rise is foretold', (interval) => {
    const table = simulateTable([keptAlive(until(25, 32), 25, forGood), asked(4), opened(after(310, 24))]);
    table.run(300);
    // 800 in use, and lookups that stay for 30 s and until they are removed.
    const fullAt = 310 + (3600 - 800 - 160) / 24;
    const forecasts = watch(table, fullAt - 300, 3600, { interval });
    expectRight(
      forecasts.filter(({ at }) => at > 310 + Math.min(interval, 30) + 5 && at < fullAt - 20),
      fullAt,
    );
  });
});

describe('long timers', () => {
  const hour = new Map([...timeouts, ['nf_conntrack_tcp_timeout_close_wait', 3600]]);
  const settings: WatchOptions = { changes: [{ at: 0, timeouts: hour }] };

  test('CLOSE_WAIT for an hour fills a table as its rate predicts', () => {
    const table = simulateTable([silent(after(300, 2), 'CLOSE_WAIT', 3600)]);
    table.run(300);
    const forecasts = watch(table, 600, 4000, settings).filter(({ at }) => at > 345);
    expect(forecasts.filter(({ fullInSeconds }) => fullInSeconds < never).length).toBeGreaterThan(
      0.9 * forecasts.length,
    );
    expectRight(forecasts, 300 + 4000 / 2);
  });

  test('CLOSE_WAIT for an hour settles at the level that its rate predicts', () => {
    const table = simulateTable([silent(() => 1, 'CLOSE_WAIT', 3600)]);
    table.run(1800);
    for (const { equilibriumEntries, fullInSeconds } of watch(table, 300, 6000, settings).slice(3)) {
      expect(Math.abs(equilibriumEntries / 3600 - 1)).toBeLessThan(0.3);
      expect(fullInSeconds).toBe(never);
    }
  });
});
