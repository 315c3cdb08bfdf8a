import { expect, it } from 'vitest';
import type { Collector } from '../../src/collector.ts';
import { inTurn } from '../../src/collectors/in-turn.ts';
import { createHost } from '../machine.ts';

it('inTurn() lets one collector work at a time, and the next one after a failure too', async () => {
  const events: string[] = [];
  const collector = (name: string, fails = false): Collector => ({
    name,
    help: name,
    metrics: [],
    async collect() {
      events.push(`${name} begins`);
      await new Promise(setImmediate);
      events.push(`${name} ends`);
      if (fails) throw new Error(name);
      return [];
    },
  });
  const collectors = inTurn([collector('a', true), collector('b'), collector('c')]);
  const results = await Promise.allSettled(collectors.map((one) => one.collect(createHost({}))));
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});
