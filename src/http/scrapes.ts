import type { Sample } from '../scrape/metric.ts';
import { type Body, createBody } from './body.ts';
import { type Format, render } from './exposition.ts';

/** What one collection gave. Each format is rendered at most once, and only if somebody still waits for it. */
export interface Scrape {
  body(format: Format): Promise<Body>;
}

/**
 * Collects for scrapes. Those that overlap share a collection and its text: a burst of them costs what one costs. Scrapes
 * with different time limits do not share, for one would wait longer than it may.
 */
export function createScrapes(
  collect: (timeoutMs: number) => Promise<readonly Sample[]>,
): (timeoutMs: number) => Promise<Scrape> {
  const underWay = new Map<number, Promise<Scrape>>();
  return (timeoutMs) => {
    const joined = underWay.get(timeoutMs);
    if (joined) return joined;
    const started = collect(timeoutMs)
      .then(createScrape)
      .finally(() => underWay.delete(timeoutMs));
    underWay.set(timeoutMs, started);
    return started;
  };
}

function createScrape(samples: readonly Sample[]): Scrape {
  const bodies = new Map<Format, Promise<Body>>();
  return {
    body(format) {
      const body = bodies.get(format) ?? render(samples, format).then(createBody);
      bodies.set(format, body);
      return body;
    },
  };
}
