import { expect, test } from 'vitest';
import { counterIncrease } from '../../src/flows/counter-increase.ts';

test.each([
  ['adds up the CPUs', [1, 2], [4, 2], 3],
  ['passes over a wrap', [2 ** 32 - 5, 0], [5, 1], 11],
  ['counts from 0 when the module was loaded again', [1000], [7], 7],
  ['is undefined with other CPUs', [1], [1, 2], undefined],
  ['is 0 without CPUs', [], [], 0],
])('counterIncrease() %s', (_, before, after, increase) => {
  expect(counterIncrease(before, after)).toBe(increase);
});
