import { expect, it } from 'vitest';
import { createRowMemory } from '../../../../src/collectors/ipvs/labels/row-memory.ts';

it('createRowMemory() gives the list of the last scrape while its rows are the same objects', () => {
  const keep = createRowMemory();
  const [a, b] = [{ address: 'a' }, { address: 'b' }];
  const first = keep([a, b]);
  expect(keep([a, b])).toBe(first);
  expect(keep([a])).toEqual([a]);
  expect(keep([a, b])).not.toBe(first);
  expect(keep([a, { ...b }])).toEqual([a, b]);
  expect(keep([b, a])).toEqual([b, a]);
});
