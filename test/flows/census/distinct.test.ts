import { expect, test } from 'vitest';
import { addHash, estimateDistinct, registers } from '../../../src/flows/census/distinct.ts';
import { hashWords } from '../../../src/flows/census/hash.ts';

test.each([0, 1, 10, 50, 200, 1000, 20_000, 300_000])(
  'estimateDistinct() estimates %i addresses within three standard errors',
  (addresses) => {
    const sketch = new Uint8Array(registers);
    for (let i = 0; i < addresses; i++) {
      const hash = hashWords(Uint32Array.of(0x0a000000 + i), 1, 1);
      for (let again = 0; again < 3; again++) addHash(sketch, 0, hash);
    }
    expect(Math.abs(estimateDistinct(sketch) - addresses)).toBeLessThanOrEqual(0.39 * addresses);
  },
);

test.each([0, 1, 2, 3])('hashWords() takes in word %i', (word) => {
  const key = new Uint32Array(4);
  const zero = hashWords(key, 4, 1);
  key[word] = 1;
  expect(hashWords(key, 4, 1)).not.toBe(zero);
});
