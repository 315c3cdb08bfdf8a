import { describe, expect, it } from 'vitest';
import { type HistoryPoint, type PageHistory, remember, toColumns } from '../../../src/page/model/history.ts';

function observation(atSeconds: number, entries?: number): HistoryPoint {
  const unknown = { limit: undefined, equilibrium: undefined, upstream: undefined, upstreamLimit: undefined };
  return { atSeconds, entries, ...unknown };
}

function rememberAll(moments: readonly number[]): PageHistory {
  return moments.reduce<PageHistory>((history, moment) => remember(history, observation(moment)), []);
}

function secondsOf(history: PageHistory): number[] {
  return history.map(({ atSeconds }) => atSeconds);
}

describe('remember()', () => {
  it('keeps an hour', () => {
    const twoHours = Array.from({ length: 481 }, (_, index) => index * 15);
    const moments = secondsOf(rememberAll(twoHours));
    expect([moments.length, moments.at(0), moments.at(-1)]).toEqual([241, 3600, 7200]);
  });

  it('keeps no more than 722 observations, however many there are', () => {
    const eachHalfSecond = Array.from({ length: 20_000 }, (_, index) => index / 2);
    const moments = secondsOf(rememberAll(eachHalfSecond));
    expect(moments.length).toBeLessThanOrEqual(722);
    expect(moments.at(-1)).toBe(9999.5);
  });

  it('thins out what is closer together than five seconds, and always has the last', () => {
    expect(secondsOf(rememberAll([0, 1, 2, 3, 4, 5, 6, 7]))).toEqual([0, 5, 7]);
  });

  it('starts again from where the clock was set back to', () => {
    expect(secondsOf(rememberAll([100, 115, 130, 110, 125]))).toEqual([100, 110, 125]);
  });

  it('forgets all when the clock is set an hour forward', () => {
    expect(secondsOf(rememberAll([100, 115, 9000]))).toEqual([9000]);
  });
});

describe('toColumns()', () => {
  it('gives a list for each value, and null for what was not known', () => {
    expect(toColumns([observation(0.4), observation(15.2, 7.6)])).toEqual({
      atSeconds: [0, 15],
      entries: [null, 8],
      limit: [null, null],
      equilibrium: [null, null],
      upstream: [null, null],
      upstreamLimit: [null, null],
    });
  });
});
