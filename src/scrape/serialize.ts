import { withTimeout } from '../async/timeout.ts';
import type { Collector } from './collector.ts';

/** Far longer than a scan takes: one that hangs is not waited for by the others. */
const maxTurnMs = 30_000;

/**
 * The same collectors, of which only one works at a time. Each scan of a table holds one of libuv's four threads, which
 * all other reading of files needs as well.
 */
export function serialize(collectors: readonly Collector[]): Collector[] {
  let last: Promise<unknown> = Promise.resolve();
  return collectors.map((collector) => ({
    ...collector,
    collect(host, signal) {
      const begun = last;
      const mine = begun.then(() => collector.collect(host, signal));
      last = begun.then(() => withTimeout(maxTurnMs, mine)).catch(() => undefined);
      return mine;
    },
  }));
}
