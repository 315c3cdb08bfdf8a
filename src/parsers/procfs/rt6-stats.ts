import { splitLines, splitWords } from '../lines.ts';
import { parseHex, quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/**
 * Parses /proc/net/rt6_stats, as `rt6_stats_seq_show()` in net/ipv6/route.c writes it: seven hexadecimal numbers. The
 * sixth is how many routes of IPv6 the kernel holds, those that it learned of single destinations among them.
 */
export function parseRouteEntries(text: string): number {
  const [line = '', ...rest] = splitLines(text);
  const words = splitWords(line);
  if (words.length !== 7 || rest.length > 0) {
    throw new ParseError(1, `expected one line of seven numbers, got ${quote(text)}`);
  }
  return parseHex(words[5], 'the routes', 1);
}
