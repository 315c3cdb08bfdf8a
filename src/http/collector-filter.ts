import { quote } from '../parsers/numbers.ts';

/** What the parameters of a scrape ask for: names of collectors, undefined for all; or why they are refused. */
export type CollectorFilter = { readonly names: ReadonlySet<string> | undefined } | { readonly refusal: string };

/**
 * Reads `collect[]=ipvs` and `exclude[]=network` of a query string, as node_exporter has them.
 *
 * @param known the collectors that are on.
 */
export function readCollectorFilter(query: string, known: readonly string[]): CollectorFilter {
  const parameters = new URLSearchParams(query);
  const collected = parameters.getAll('collect[]');
  const excluded = parameters.getAll('exclude[]');
  if (collected.length > 0 && excluded.length > 0) return { refusal: 'use either collect[] or exclude[], not both' };
  const unknown = [...collected, ...excluded].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    return { refusal: `unknown collector ${quote(unknown)}: expected one of ${known.join(', ')}` };
  }
  if (collected.length > 0) return { names: new Set(collected) };
  return { names: excluded.length > 0 ? new Set(known.filter((name) => !excluded.includes(name))) : undefined };
}
