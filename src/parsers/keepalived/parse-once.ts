import { parseKeepalivedCheck } from './checkers/check.ts';
import { parseKeepalivedData } from './data.ts';
import { parseKeepalivedJson } from './json.ts';
import { parseKeepalivedStats } from './stats.ts';

/** What has the text of a dump. */
interface Source {
  readonly text: string;
}

/**
 * The parsers, each of which keeps what it read with the dump, for as long as that exists: a dump is parsed to see whether it
 * is whole, then by each collector, and again at every scrape until keepalived writes the next one.
 */
export const parseOnce = {
  json: remember(parseKeepalivedJson),
  /** Of keepalived before 2.0. */
  jsonBefore2: remember((text) => parseKeepalivedJson(text, true)),
  data: remember(parseKeepalivedData),
  stats: remember(parseKeepalivedStats),
  check: remember(parseKeepalivedCheck),
} as const;

function remember<T>(parse: (text: string) => T): (source: Source) => T {
  const known = new WeakMap<Source, { readonly parsed: T }>();
  return (source) => {
    const last = known.get(source) ?? { parsed: parse(source.text) };
    known.set(source, last);
    return last.parsed;
  };
}
