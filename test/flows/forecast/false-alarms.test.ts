import { describe, expect, test } from 'vitest';
import {
  addScan,
  endingAfter,
  type FalseAlarms,
  noFalseAlarms,
  secondsToEnd,
} from '../../../src/flows/forecast/false-alarms.ts';

const never = Number.POSITIVE_INFINITY;

/** Which of the scans, 15 s apart, are of a burst that is expected to end. */
function judge(...fullInSeconds: readonly number[]): boolean[] {
  return judgeEvery(15, fullInSeconds);
}

function judgeEvery(interval: number, fullInSeconds: readonly number[]): boolean[] {
  let memory: FalseAlarms = noFalseAlarms;
  return fullInSeconds.map((seconds, index) => {
    const scan = { ...halfFull, atSeconds: interval * index, fullInSeconds: seconds };
    memory = addScan(memory, scan);
    return secondsToEnd(memory, scan) !== undefined;
  });
}

const halfFull = { entries: 500, limit: 1000 };

const quiet = [never, never, never, never];

describe('a burst that ended before the table was full', () => {
  test('is expected to end the next time, for as long as it lasted', () => {
    expect(judge(90, 80, ...quiet, 90, 80, 70)).toEqual([false, false, false, false, false, false, true, true, false]);
  });

  test('is unknown the first time, and while it may go on', () => {
    expect(judge(90, never, 80, never, 70)).toEqual([false, false, false, false, false]);
  });

  test('goes on from scan to scan, however far apart they are', () => {
    expect(judgeEvery(60, [200, 200, 200, 200])).toEqual([false, false, false, false]);
    expect(judgeEvery(60, [200, never, 200])).toEqual([false, false, true]);
    expect(judgeEvery(60, [200, 200, never, 200, 200, 200])).toEqual([false, false, false, true, true, false]);
  });

  test('is not compared with a stronger one', () => {
    expect(judge(90, ...quiet, 50).at(-1)).toBe(false);
  });

  test('is still reported where the table would be full before a page, should it go on', () => {
    expect(judge(40, ...quiet, 40).at(-1)).toBe(true);
    expect(judge(25, ...quiet, 25).at(-1)).toBe(false);
    expect(judge(60, 50, 40, ...quiet, 45).at(-1)).toBe(false);
  });

  test('is expected to end after two alike, though little time would be left', () => {
    const two = [25, ...quiet, 25, ...quiet];
    expect(judge(25, ...quiet, 25).at(-1)).toBe(false);
    expect(judge(...two, 25).at(-1)).toBe(true);
    // It goes on, is stronger, or may fill the table before it ends.
    expect(judge(...two, 25, 20).at(-1)).toBe(false);
    expect(judge(...two, 15).at(-1)).toBe(false);
    const longer = [40, 25, ...quiet];
    expect(judge(...longer, ...longer, 22).at(-1)).toBe(false);
  });

  test('is none that lasted for minutes, or would take as long to fill the table', () => {
    expect(judge(...Array(12).fill(200), ...quiet, 200).at(-1)).toBe(false);
    expect(judge(400, ...quiet, 400).at(-1)).toBe(false);
  });

  test('is forgotten when a table was full, and after a day', () => {
    expect(judge(90, ...quiet, 60, 0, ...quiet, 90).at(-1)).toBe(false);
    const past = [{ fromSeconds: 0, toSeconds: 0, fullInSeconds: 90, maxEntries: 500 }];
    const scan = { ...halfFull, fullInSeconds: 90, atSeconds: 25 * 3600 };
    const later = { ...halfFull, fullInSeconds: 90, atSeconds: 27 * 3600 };
    expect(secondsToEnd(addScan({ ...noFalseAlarms, past }, scan), scan)).toBe(0);
    expect(secondsToEnd(addScan({ ...noFalseAlarms, past }, later), later)).toBe(undefined);
  });

  test('leads to a level below the limit', () => {
    const forecast = { equilibriumEntries: 4157, fullInSeconds: 60 };
    expect(endingAfter(15, forecast, 1000, 3000)).toEqual({ equilibriumEntries: 1500, fullInSeconds: never });
  });
});

describe('a rise of several minutes that ended before the table was full', () => {
  /** Entries by the minute, of a limit of 1000: which of the scans are expected to end. Rises of 10 a minute and more are foretold. */
  function judgeEntries(...entries: readonly number[]): number[] {
    let memory: FalseAlarms = noFalseAlarms;
    return entries.filter((now, index) => {
      const rise = now - (entries[index - 1] ?? now);
      const fullInSeconds = rise < 10 ? never : ((1000 - now) / rise) * 60;
      const scan = { atSeconds: 60 * index, fullInSeconds, entries: now, limit: 1000 };
      memory = addScan(memory, scan);
      return secondsToEnd(memory, scan) !== undefined;
    });
  }

  const rise = (to: number, by: number) => Array.from({ length: 10 }, (_, index) => to - (9 - index) * by);
  const after = [200, 200];

  test('is expected to come as far the next time', () => {
    const [first, second] = [rise(700, 40), rise(780, 40)];
    expect(judgeEntries(...first, ...after, ...second)).toEqual(second.slice(1).filter((entries) => entries < 700));
  });

  test('is not compared with one that would leave less time beyond it', () => {
    expect(judgeEntries(...rise(700, 40), ...after, ...rise(780, 65))).toEqual([]);
    expect(judgeEntries(...rise(800, 45), ...after, ...rise(780, 45))).toEqual([]);
    const three = [...rise(800, 45), ...after, ...rise(800, 45), ...after, ...rise(800, 45), ...after];
    expect(judgeEntries(...three, ...rise(790, 45)).filter((entries) => entries > 780)).toEqual([790]);
  });

  test('is none while the table holds as much', () => {
    expect(judgeEntries(...rise(700, 40), 700, 700, 700, 690, 650, 660, 670)).toEqual([]);
  });
});
