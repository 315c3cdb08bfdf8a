import { splitLines, splitWords } from '../lines.ts';
import { parseDecimal } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/**
 * Parses one number of /proc/net/sockstat or sockstat6, as `sockstat_seq_show()` in net/ipv4/proc.c writes them:
 * `TCP: inuse 5 orphan 0 tw 11 alloc 8 mem 1`. Undefined where this kernel does not count it.
 *
 * `mem` is in pages, `memory` in bytes.
 */
export function parseSockstat(text: string, group: string, name: string): number | undefined {
  const lines = splitLines(text);
  if (lines.length === 0) throw new ParseError(1, 'expected a line for each protocol, got none');
  const index = lines.findIndex((line) => line.startsWith(`${group}: `));
  const words = splitWords(lines[index] ?? '');
  const column = words.findIndex((word, at) => at % 2 === 1 && word === name);
  return column === -1 ? undefined : parseDecimal(words[column + 1], name, index + 1);
}
