import { splitLines } from '../lines.ts';
import { parseDecimal } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/** Parses a file below /proc/sys that holds one whole number. */
export function parseSysctl(text: string): number {
  const [value, ...rest] = splitLines(text);
  if (rest.length > 0) throw new ParseError(2, 'expected one line');
  return parseDecimal(value, 'the setting', 1);
}
