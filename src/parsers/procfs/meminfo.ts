import { splitLines } from '../lines.ts';
import { parseDecimal, quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/** Parses the memory of the machine, in bytes, of /proc/meminfo: `meminfo_proc_show()` in fs/proc/meminfo.c. */
export function parseMemoryTotal(text: string): number {
  const [first] = splitLines(text);
  const [, kibibytes] = /^MemTotal: +(\d+) kB$/.exec(first ?? '') ?? [];
  if (kibibytes === undefined) throw new ParseError(1, `expected "MemTotal: … kB", got ${quote(first)}`);
  return parseDecimal(kibibytes, 'MemTotal', 1) * 1024;
}
