import { expect, test } from 'vitest';
import { outcomeSpanSeconds, outcomeSpans } from '../../../src/flows/forecast/turnover/outcomes.ts';
import { surviveOf } from '../../../src/flows/forecast/turnover/survival.ts';

const timeout = 120;

/** What scans so far apart see of entries of which such a part is there by age: nothing of the last seconds of a timer. */
function staysOf(intervalSeconds: number, partAt: (age: number) => number) {
  const toRunOn = Float64Array.from({ length: outcomeSpans }, (_, span) => {
    const age = timeout - (span + 0.5) * outcomeSpanSeconds;
    if (span * outcomeSpanSeconds < intervalSeconds + 2 || partAt(age) === 0) return 1;
    return partAt(age + intervalSeconds) / partAt(age);
  });
  const endings = { toRunOn, toRunOut: toRunOn, intervalSeconds, hasEnough: () => true };
  const { stays = [] } = surviveOf(endings, new Uint32Array(timeout), timeout) ?? {};
  const total = (of: (stay: (typeof stays)[number]) => number) => stays.reduce((sum, stay) => sum + of(stay), 0);
  return {
    parts: total(({ part }) => part),
    meanSeconds: total(({ part, seconds }) => part * seconds),
    toTheEnd: total(({ part, expires }) => (expires ? part : 0)),
  };
}

test.each([5, 15, 30, 60])(
  'entries that leave evenly from 65 to 95 s stay for 80 s, scanned every %i s',
  (interval) => {
    const { parts, meanSeconds, toTheEnd } = staysOf(interval, (age) => Math.min(1, Math.max(0, (95 - age) / 30)));
    expect(parts).toBeCloseTo(1, 6);
    expect(Math.abs(meanSeconds - 80)).toBeLessThan(2);
    expect(toTheEnd).toBeLessThan(0.05);
  },
);

test('entries that leave in the last seconds, in which no scan sees them leave, are not expected to expire', () => {
  expect(staysOf(15, (age) => Math.min(1, Math.max(0, (115 - age) / 15))).toTheEnd).toBeLessThan(0.25);
});

test('entries that leave before the second scan of them leave evenly', () => {
  const { meanSeconds } = staysOf(60, (age) => Math.max(0.5, 1 - age / 120));
  expect(Math.abs(meanSeconds - 75)).toBeLessThan(2);
});

test('chance in the parts that were seen adds no entries', () => {
  const { parts, toTheEnd } = staysOf(15, (age) => (age < 30 ? 1 : 0.5 + 0.1 * Math.sin(age)));
  expect(parts).toBeCloseTo(1, 6);
  expect(Math.abs(toTheEnd - 0.5)).toBeLessThan(0.1);
});
