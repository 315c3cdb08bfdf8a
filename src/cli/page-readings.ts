import type { SamplePart } from '../scrape/columns.ts';
import type { Runner } from '../scrape/scrape.ts';

/** As long as a scrape of Prometheus waits by default. */
const timeoutMs = 10_000;
/** The readings of a scrape that are no older are the page's too: on a director with a large table, nothing is read twice. */
const maxAgeMs = 10_000;

/** Reads for the status page. Each page has readings of its own: those of the one before are not given again. */
export function createPageReadings({ collectParts, collectors }: Runner): () => Promise<readonly SamplePart[]> {
  let last = performance.now();
  return async () => {
    const parts = await collectParts(timeoutMs, collectors, Math.min(maxAgeMs, performance.now() - last));
    last = performance.now();
    return parts;
  };
}
