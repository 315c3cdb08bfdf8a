import { splitLines, splitWords } from '../lines.ts';
import { parseDecimal } from '../numbers.ts';

/**
 * Parses one counter of /proc/net/snmp6, as `snmp6_seq_show()` in net/ipv6/proc.c writes them: `Udp6RcvbufErrors \t0`, one
 * a line. Undefined where this kernel does not count it.
 */
export function parseSnmp6Counter(text: string, counter: string): number | undefined {
  const lines = splitLines(text);
  const index = lines.findIndex((line) => line.startsWith(counter) && splitWords(line)[0] === counter);
  return index === -1 ? undefined : parseDecimal(splitWords(lines[index] ?? '')[1], counter, index + 1);
}
