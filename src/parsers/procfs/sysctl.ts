import { splitLines } from '../lines.ts';
import { parseDecimal } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/** Parses a file below /proc/sys that holds one whole number. */
export function parseSysctl(text: string): number {
  const [value, ...rest] = splitLines(text);
  if (rest.length > 0) throw new ParseError(2, 'expected one line');
  return parseDecimal(value, 'the setting', 1);
}

/** Parses /proc/sys/net/ipv4/ip_local_port_range: `32768\t60999`. */
export function parsePortRange(text: string): { readonly first: number; readonly last: number } {
  const [line = ''] = splitLines(text);
  const [first, last] = line.trim().split(/\s+/);
  return { first: parseDecimal(first, 'the first port', 1), last: parseDecimal(last, 'the last port', 1) };
}
