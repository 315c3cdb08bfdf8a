import { describe, expect, it } from 'vitest';
import { fuzz, targets } from './fuzz.ts';
import { fuzzRequests } from './requests.ts';

/** `scripts/fuzz.ts` tries as many as it is asked for. */
const inputs = 300;

describe('whatever a stranger writes is read, or refused with an error that shows where:', () => {
  it.each(targets)('$name', (target) => {
    const { refused, problems } = fuzz(target, 1, inputs);
    expect(problems).toEqual([]);
    // They are near enough to what is real, and far enough from it.
    expect([refused < inputs]).toEqual([true]);
  });
});

it('whatever a stranger sends as a request is answered or refused, and the next scrape is answered', async () => {
  const { statuses, problems } = await fuzzRequests(1, 2 * inputs);
  expect(problems).toEqual([]);
  expect([...statuses.keys()]).toEqual(expect.arrayContaining(['200', '400', '404']));
});

it('no input has changed what every object has', () => {
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(
    Object.getOwnPropertyNames(Object.getPrototypeOf(JSON.parse('{}'))).sort(),
  );
  const plain: Record<string, unknown> = {};
  for (const key in plain) expect(key).toBe(undefined);
});
