import { splitLines } from '../lines.ts';
import { parseDecimal } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/**
 * Parses one counter of /proc/net/snmp6, as `snmp6_seq_show()` in net/ipv6/proc.c writes them: a name and a value on each
 * line. Undefined where this kernel does not count it.
 */
export function parseSnmp6Counter(text: string, counter: string): number | undefined {
  const lines = splitLines(text);
  if (!/^Ip6\w+\s+\d+$/.test(lines[0] ?? '')) throw new ParseError(1, 'expected a counter of IPv6 and its value');
  const row = lines.findIndex((line) => line.startsWith(counter) && /^\s+\S+$/.test(line.slice(counter.length)));
  return row === -1 ? undefined : parseDecimal(lines[row]?.slice(counter.length).trim(), counter, row + 1);
}
