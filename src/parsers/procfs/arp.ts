import { splitLines, splitWords } from '../lines.ts';
import { quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/**
 * Parses /proc/net/arp (`arp_seq_show()` in net/ipv4/arp.c): which hardware address an IPv4 neighbour has. One that has
 * not answered is left out.
 */
export function parseArp(text: string): ReadonlyMap<string, string> {
  const [header, ...rows] = splitLines(text);
  if (!header?.startsWith('IP address '))
    throw new ParseError(1, `expected the header "IP address", got ${quote(header)}`);
  return new Map(
    rows.flatMap((row, index) => {
      const [address, , flags, mac] = splitWords(row);
      if (address === undefined || mac === undefined || !/^0x[\da-f]+$/.test(flags ?? '')) {
        throw new ParseError(index + 2, `expected a neighbour, got ${quote(row)}`);
      }
      return (Number(flags) & complete) === 0 ? [] : [[address, mac] as const];
    }),
  );
}

/** ATF_COM of include/uapi/linux/if_arp.h */
const complete = 0x02;
