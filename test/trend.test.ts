import { describe, expect, it } from 'vitest';
import { findTrend, median } from '../lab/trend.ts';

/** Noise that is the same in every run: -1 to 1. */
const noise = (index: number) => 2 * ((index * 0.618) % 1) - 1;
const values = (slope: number, count = 18) =>
  Array.from({ length: count }, (_, index) => 100 + slope * index + noise(index));

describe('findTrend()', () => {
  it('finds the slope of a line', () => {
    expect(findTrend([1, 3, 5, 7, 9])).toEqual({ perStep: 2, low: 2, high: 2 });
  });

  it('finds the slope in noise, between its bounds', () => {
    const { perStep, low, high } = findTrend(values(0.5));
    expect(perStep).toBeCloseTo(0.5, 1);
    expect(low).toBeGreaterThan(0.3);
    expect(high).toBeLessThan(0.7);
  });

  it('does not mistake noise for a slope', () => {
    const { low, high } = findTrend(values(0));
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });

  it('is not moved by an outlier', () => {
    const [first = 0, ...rest] = values(0.5);
    expect(findTrend([first + 1000, ...rest]).perStep).toBeCloseTo(0.5, 1);
  });

  // Sen's own example of the bounds: ranks (153 - 51.7) / 2 and (153 + 51.7) / 2 + 1 of the 153 slopes of 18 values.
  it('has the bounds at the ranks that 18 values have', () => {
    const slopes: number[] = [];
    const some = values(0.5);
    for (const [index, earlier] of some.entries()) {
      for (const [distance, later] of some.slice(index + 1).entries()) slopes.push((later - earlier) / (distance + 1));
    }
    slopes.sort((one, other) => one - other);
    expect(findTrend(some)).toMatchObject({ low: slopes[50], high: slopes[102] });
  });
});

describe('median()', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
  ])('%j', (some, value) => expect(median(some)).toBe(value));
});
