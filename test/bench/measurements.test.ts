import { describe, expect, it } from 'vitest';
import { compareMeasurements } from '../../bench/measurements.ts';

const compare = (before: readonly number[], now: readonly number[]) =>
  compareMeasurements([{ name: 'scrape', values: before }], [{ name: 'scrape', values: now }])[0];

describe('compareMeasurements()', () => {
  it.each<[string, readonly number[], readonly number[], boolean]>([
    ['the same', [1, 1.1, 0.9], [1, 1.1, 0.9], false],
    ['better', [1, 1.1, 0.9], [0.5, 0.5, 0.5], false],
    ['worse by less than the rounds differ', [1, 1.4, 0.6, 1.3, 0.7], [1.2, 1.2, 1.2], false],
    ['worse by more', [1, 1.1, 0.9], [1.5, 1.4, 1.6], true],
    ['one value, a little larger', [100], [104], false],
    ['one value, larger', [100], [106], true],
  ])('sees %s', (_what, before, now, isWorse) => {
    expect(compare(before, now)?.isWorse).toBe(isWorse);
  });

  it('compares medians, and has what only one of the runs measured', () => {
    const [one, two] = compareMeasurements([{ name: 'one', values: [3, 1, 2] }], [{ name: 'two', values: [4] }]);
    expect(one).toMatchObject({ name: 'one', before: 2, now: undefined, isWorse: false });
    expect(two).toMatchObject({ name: 'two', before: undefined, now: 4, isWorse: false });
  });
});
