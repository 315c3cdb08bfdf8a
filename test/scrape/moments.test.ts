import fc from 'fast-check';
import { createTask, validate } from 'node-cron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMoments } from '../../src/scrape/moments.ts';

const started = Date.UTC(2026, 0, 1);
const zone = process.env.TZ;

beforeEach(() => {
  vi.useFakeTimers({ now: started });
});

afterEach(() => {
  vi.useRealTimers();
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const number = fc.integer({ min: 0, max: 59 });
const step = fc.oneof(
  fc.constant(''),
  fc.integer({ min: 1, max: 59 }).map((by) => `/${by}`),
);
const ordered = fc.tuple(number, number).map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`);
const part = fc.oneof(
  number.map(String),
  fc.tuple(fc.oneof(fc.constant('*'), ordered), step).map((two) => two.join('')),
);
const field = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(','));
const everyHour = fc.tuple(field, field).map((two) => `${two.join(' ')} * * * *`);

/** By node-cron itself, which has the present time of the test. */
function nextByNodeCron(expression: string, count: number, timezone?: string): number[] {
  const cron = createTask(expression, () => undefined, timezone === undefined ? {} : { timezone });
  try {
    return cron.getNextRuns(count).map(Number);
  } finally {
    cron.destroy();
  }
}

describe('createMoments()', () => {
  it.each(['UTC', 'Asia/Kolkata', 'America/New_York'])('gives the moments of node-cron in %s', (timeZone) => {
    process.env.TZ = timeZone;
    fc.assert(
      fc.property(everyHour, fc.integer({ min: 0, max: 86_400_000 }), (expression, afterMs) => {
        expect(validate(expression)).toBe(true);
        vi.setSystemTime(started + afterMs);
        expect(createMoments(expression).next(Date.now(), 3)).toEqual(nextByNodeCron(expression, 3, timeZone));
      }),
      { numRuns: 60 },
    );
  });

  it.each(['0 30 9 * * *', '0 0 12 1 * *', '0 0 0 * * mon', '@hourly'])('leaves %s to node-cron', (expression) => {
    const moments = createMoments(expression);
    expect(moments.next(Date.now(), 2)).toEqual(nextByNodeCron(expression, 2));
    moments.stop();
  });
});
