import { splitLines } from '../lines.ts';
import { ParseError } from '../parse-error.ts';

/** Parses /proc/sys/kernel/osrelease: `6.1.0-18-amd64`. */
export function parseOsrelease(text: string): string {
  const [release = '', ...rest] = splitLines(text);
  if (release === '') throw new ParseError(1, 'expected the release of the kernel, got nothing');
  if (rest.length > 0) throw new ParseError(2, 'expected one line');
  return release;
}
