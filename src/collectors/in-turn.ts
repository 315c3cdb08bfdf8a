import type { Collector } from '../collector.ts';

/**
 * The same collectors, of which only one works at a time. Each scan of a table holds one of libuv's four threads, which
 * all other reading of files needs as well.
 */
export function inTurn(collectors: readonly Collector[]): Collector[] {
  let last: Promise<unknown> = Promise.resolve();
  return collectors.map((collector) => ({
    ...collector,
    collect(host) {
      const mine = last.then(() => collector.collect(host));
      last = mine.catch(() => undefined);
      return mine;
    },
  }));
}
