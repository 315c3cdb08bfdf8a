import { splitLines } from '../lines.ts';
import { quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/**
 * Parses the device names of /proc/net/dev, as `dev_seq_show()` in net/core/net-procfs.c writes them. It shows the
 * devices of the reader's network namespace, which /sys/class/net does only if it was mounted in it.
 */
export function parseNetDev(text: string): string[] {
  const [first, second, ...devices] = splitLines(text);
  if (!first?.startsWith('Inter-|')) throw new ParseError(1, `expected the header "Inter-|", got ${quote(first)}`);
  if (!second?.startsWith(' face |')) throw new ParseError(2, `expected the header " face |", got ${quote(second)}`);
  return devices.map((line, index) => {
    const [, name] = /^ *(\S+):(?: +\d+)+$/.exec(line) ?? [];
    if (name === undefined) throw new ParseError(index + 3, `expected a device and its counters, got ${quote(line)}`);
    return name;
  });
}
