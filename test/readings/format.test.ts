import fc from 'fast-check';
import { expect, it } from 'vitest';
import { endpoint } from '../../src/identity/address.ts';
import { bytes, count, percent, several, time } from '../../src/readings/format.ts';

it.each([
  [count(0), '0'],
  [count(0.44), '0.4'],
  [count(9.96), '10'],
  [count(16_384.4), '16,384'],
  [percent(0.004), '0.4 %'],
  [percent(0.805), '81 %'],
  [percent(1), '100 %'],
  [time(0), '0 s'],
  [time(119.4), '119 s'],
  [time(119.6), '2 min'],
  [time(120), '2 min'],
  [time(126), '2 min 6 s'],
  [time(599.6), '10 min'],
  [time(7170), '2 h'],
  [time(7260), '2 h 1 min'],
  [time(10_790), '3 h'],
  [time(172_800), '2 d'],
  [bytes(0), '0 B'],
  [bytes(999), '999 B'],
  [bytes(5_865_472), '5.9 MB'],
  [bytes(2.5e15), '2,500 TB'],
  [several(1, 'entry'), '1 entry'],
  [several(2, 'flow'), '2 flows'],
  [endpoint('10.0.0.1', '80'), '10.0.0.1:80'],
  [endpoint('fd00::1', '80'), '[fd00::1]:80'],
  [endpoint('10.0.0.1', '0'), '10.0.0.1'],
])('formats %s', (formatted, expected) => {
  expect(formatted).toBe(expected);
});

it('writes numbers as Intl.NumberFormat does', () => {
  const intl = (maximumFractionDigits: number) => new Intl.NumberFormat('en', { maximumFractionDigits });
  const [small, whole] = [intl(1), intl(0)];
  const decimals = fc.tuple(fc.integer({ min: -2000, max: 2_000_000 }), fc.constantFrom(1, 10, 20, 100, 1000));
  const number = fc.oneof(
    fc.double(),
    fc.integer(),
    decimals.map(([one, by]) => one / by),
    fc.constantFrom(-0, 9.95),
  );
  fc.assert(
    fc.property(number, (value) => {
      const expected = value !== 0 && Math.abs(value) < 10 ? small : whole;
      expect(count(value)).toBe(expected.format(value));
    }),
    { numRuns: 3000 },
  );
});
