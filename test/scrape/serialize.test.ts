import { expect, it, vi } from 'vitest';
import type { Collector } from '../../src/scrape/collector.ts';
import { serialize } from '../../src/scrape/serialize.ts';
import { createHost } from '../machine.ts';

it('serialize() lets one collector work at a time, and the next one after a failure too', async () => {
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
  const collectors = serialize([collector('a', true), collector('b'), collector('c')]);
  const results = await Promise.allSettled(collectors.map((one) => one.collect(createHost({}))));
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

it('serialize() does not wait for ever for one that hangs', async () => {
  vi.useFakeTimers();
  try {
    const collector = (name: string, collect: Collector['collect']): Collector => ({
      ...{ name, help: name, metrics: [] },
      collect,
    });
    const [hanging, other] = serialize([
      collector('a', () => new Promise(() => undefined)),
      collector('b', async () => []),
    ]);
    void hanging?.collect(createHost({}));
    const ended = other?.collect(createHost({}));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await ended).toEqual([]);
    expect(await other?.collect(createHost({}))).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});
