import { splitLines, splitWords } from '../lines.ts';
import { parseHex } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/**
 * Parses /proc/net/softnet_stat, as `softnet_seq_show()` in net/core/net-procfs.c writes it: a line for each processor, whose
 * second number counts packets dropped because the queue of that processor was full. The third, `time_squeeze`, counts
 * no drops.
 */
export function parseSoftnetDrops(text: string): number {
  const lines = splitLines(text);
  if (lines.length === 0) throw new ParseError(1, 'expected a line for each processor, got none');
  return lines
    .map((line, index) => parseHex(splitWords(line)[1], 'the dropped packets', index + 1))
    .reduce((sum, dropped) => sum + dropped, 0);
}
