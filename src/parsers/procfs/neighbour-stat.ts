import { splitLines, splitWords } from '../lines.ts';
import { parseHex, quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/** Of one table of neighbours, of all network namespaces together. */
export interface NeighbourStat {
  readonly entries: number;
  /** How often an entry found no place. Undefined before Linux 4.3, which does not count it. */
  readonly tableFulls: number | undefined;
}

/**
 * Parses /proc/net/stat/arp_cache or ndisc_cache, as `neigh_stat_seq_show()` in net/core/neighbour.c writes them: a line for
 * each processor, with the entries of the whole table in each.
 */
export function parseNeighbourStat(text: string): NeighbourStat {
  const [header = '', ...rows] = splitLines(text).map(splitWords);
  const [entries, tableFulls] = ['entries', 'table_fulls'].map((name) => header.indexOf(name));
  if (entries !== 0 || rows.length === 0) {
    throw new ParseError(1, `expected a header that begins with "entries" and a row, got ${quote(text)}`);
  }
  const read = (column: number, row: readonly string[], index: number) =>
    parseHex(row[column], header[column] ?? '', index + 2);
  const fulls = rows.map((row, index) =>
    tableFulls === undefined || tableFulls === -1 ? undefined : read(tableFulls, row, index),
  );
  return {
    entries: read(entries, rows[0] ?? [], 0),
    tableFulls: fulls.reduce((sum, one) => (sum === undefined || one === undefined ? undefined : sum + one)),
  };
}
