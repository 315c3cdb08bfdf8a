import type { SamplePart } from '../scrape/columns.ts';
import { type Body, createPartsBody } from './body.ts';
import { type Format, renderParts } from './exposition.ts';

/** What one collection gave. Each format is rendered at most once, and only if a client still waits for it. */
export interface Scrape {
  body(format: Format): Body;
}

/** Collects within a time: from these collectors, by default from all. */
export type Collect = (timeoutMs: number, names?: ReadonlySet<string>) => Promise<readonly SamplePart[]>;

/**
 * Collects for scrapes. Those that overlap share a collection and its text: a burst of them costs what one costs. Scrapes
 * with different time limits do not share, for one would wait longer than it may, nor do those of other collectors.
 */
export function createScrapes(collect: Collect): (...scope: Parameters<Collect>) => Promise<Scrape> {
  const underWay = new Map<string, Promise<Scrape>>();
  return (timeoutMs, names) => {
    const key = JSON.stringify([timeoutMs, names && [...names].sort()]);
    const joined = underWay.get(key);
    if (joined) return joined;
    const started = collect(timeoutMs, names)
      .then(createScrape)
      .finally(() => underWay.delete(key));
    underWay.set(key, started);
    return started;
  };
}

function createScrape(samples: readonly SamplePart[]): Scrape {
  const bodies = new Map<Format, Body>();
  return {
    body(format) {
      const body = bodies.get(format) ?? createPartsBody(() => renderParts(samples, format));
      bodies.set(format, body);
      return body;
    },
  };
}
