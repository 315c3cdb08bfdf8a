import { splitLines, splitWords } from '../../lines.ts';
import { parseHex, quote } from '../../numbers.ts';
import { ParseError } from '../../parse-error.ts';

/** One CPU's counters by the name that the header gives them. 32 bits each: they wrap at 2^32. */
export type CpuCounters = ReadonlyMap<string, number>;

/**
 * Parses /proc/net/stat/nf_conntrack, as `ct_cpu_seq_show()` in net/netfilter/nf_conntrack_standalone.c writes it: a
 * header, then a line for each possible CPU.
 *
 * Columns are recognised by their name, never by their position: Linux 5.10 turned the second one from `searched` into
 * `clashres`, 5.15 the eighth from `delete_list` into `chainlength`, and 2.6.34 had no `search_restart` at all.
 */
export function parseNfConntrackStat(text: string): CpuCounters[] {
  const [header, ...rows] = splitLines(text);
  const names = splitWords(header ?? '');
  if (names[0] !== 'entries') throw new ParseError(1, 'expected a header that starts with "entries"');
  if (new Set(names).size !== names.length) throw new ParseError(1, 'expected each column once');
  if (rows.length === 0) throw new ParseError(2, 'expected a line for a CPU, got the end of the file');
  const columns = names.map((name) => ({ name, quoted: quote(name) }));
  return rows.map((row, index) => parseRow(columns, splitWords(row), index + 2));
}

/** A column of the header, and its name as it may stand in a message. */
interface Column {
  readonly name: string;
  readonly quoted: string;
}

function parseRow(columns: readonly Column[], words: readonly string[], line: number): CpuCounters {
  if (words.length !== columns.length) {
    throw new ParseError(line, `expected ${columns.length} columns, got ${words.length}`);
  }
  return new Map(columns.map(({ name, quoted }, index) => [name, parseHex(words[index], quoted, line)]));
}
