import { expect, it } from 'vitest';
import { createTokenBucket } from '../../../src/http/web-config/guard.ts';

it('lets a burst through, then one for each interval, and saves up no more than a burst', () => {
  let now = 0;
  const bucket = createTokenBucket(() => now);
  const take = (times: number) =>
    Array.from({ length: times }, () => bucket.take({ interval: 2, burst: 3 })).filter(Boolean).length;
  expect(take(5)).toBe(3);
  now = 1.9;
  expect(take(1)).toBe(0);
  now = 2;
  expect(take(2)).toBe(1);
  now = 100;
  expect(take(9)).toBe(3);
});

it('refuses every request with a burst of 0, as exporter-toolkit does', () => {
  expect(createTokenBucket().take({ interval: 1, burst: 0 })).toBe(false);
});
