import { splitLines } from '../lines.ts';
import { parseDecimal, quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/**
 * Parses one counter of /proc/net/netstat or /proc/net/snmp, as `netstat_seq_show()` in net/ipv4/proc.c writes them: two
 * lines for each group, `TcpExt: SyncookiesSent …` and `TcpExt: 0 …`. Undefined where this kernel does not count it.
 */
export function parseNetstatCounter(text: string, group: string, counter: string): number | undefined {
  const lines = splitLines(text);
  const header = lines.findIndex((line) => line.startsWith(`${group}: `));
  if (header === -1) throw new ParseError(1, `expected a line that starts with "${group}: "`);
  const names = (lines[header] ?? '').split(' ');
  const values = (lines[header + 1] ?? '').split(' ');
  if (values.length !== names.length || values[0] !== names[0]) {
    throw new ParseError(
      header + 2,
      `expected ${names.length - 1} values of ${group}, got ${quote(lines[header + 1])}`,
    );
  }
  const column = names.indexOf(counter);
  return column === -1 ? undefined : parseDecimal(values[column], counter, header + 2);
}
