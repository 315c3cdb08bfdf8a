import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSchedule, type Schedule } from '../../src/scrape/schedule.ts';

const [second, minute, hour, year] = [1000, 60_000, 3_600_000, 365 * 86_400_000];
const started = Date.UTC(2026, 10, 23, 6, 30, 0, 250);

let schedule: Schedule | undefined;

beforeEach(() => {
  // Moments of the day are those of the machine's time zone.
  vi.stubEnv('TZ', 'UTC');
  vi.useFakeTimers({ now: started });
});

afterEach(() => {
  schedule?.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** Starts a schedule of one job; gives the times at which it ran, in seconds after it was started. */
async function start(expression: string, run: () => Promise<void> = async () => undefined) {
  const begun = performance.now();
  const runs: number[] = [];
  const intervals: number[] = [];
  schedule = createSchedule([
    {
      schedule: expression,
      run(intervalSeconds) {
        intervals.push(intervalSeconds);
        runs.push(Math.round((performance.now() - begun) / second));
        return run();
      },
    },
  ]);
  const ready = schedule.start();
  return { runs, intervals, ready };
}

describe('createSchedule()', () => {
  it('runs a job at once and then at the moments of its schedule', async () => {
    const { runs, ready } = await start('*/15 * * * * *');
    await ready;
    await vi.advanceTimersByTimeAsync(minute);
    expect(runs).toEqual([0, 15, 30, 45, 60]);
  });

  it.each([
    ['*/15 * * * * *', [15, 15, 15]],
    // At the start the next moment may be near, and of two that follow one another the longer pause counts.
    ['0,5 * * * * *', [55, 55, 55]],
    ['0 30 9 * * *', [86_400]],
  ])('passes a job of %s the time until the next', async (expression, expected) => {
    const { intervals } = await start(expression);
    await vi.advanceTimersByTimeAsync(minute);
    expect(intervals.slice(0, expected.length)).toEqual(expected);
  });

  it('runs a job at moments that are far apart', async () => {
    const { runs } = await start('0 30 9 * * *');
    await vi.advanceTimersByTimeAsync(52 * hour);
    expect(runs).toEqual([0, 3 * 3600, 27 * 3600, 51 * 3600]);
  });

  it.each([
    ['back by an hour', -hour],
    ['forward by an hour', hour],
    ['forward by fifty years', 50 * year],
    ['back by fifty years', -50 * year],
  ])('goes on when the clock is set %s', async (_how, difference) => {
    const { runs } = await start('*/15 * * * * *');
    await vi.advanceTimersByTimeAsync(20 * second);
    vi.setSystemTime(Date.now() + difference);
    await vi.advanceTimersByTimeAsync(40 * second);
    expect(runs).toEqual([0, 15, 30, 45, 60]);
  });

  it('comes back to a moment of the day within a minute when the clock is set', async () => {
    const { runs } = await start('0 0 9 * * *');
    await vi.advanceTimersByTimeAsync(hour);
    vi.setSystemTime(Date.now() + hour);
    await vi.advanceTimersByTimeAsync(hour);
    expect(runs).toEqual([0, 5400]);
  });

  it('runs a job that takes long again when it has ended, and never twice at a time', async () => {
    let end: () => void = () => undefined;
    const { runs } = await start(
      '*/15 * * * * *',
      () =>
        new Promise((resolve) => {
          end = resolve;
        }),
    );
    await vi.advanceTimersByTimeAsync(minute);
    expect(runs).toEqual([0]);
    end();
    await vi.advanceTimersByTimeAsync(minute);
    expect(runs).toEqual([0, 75]);
  });
});
