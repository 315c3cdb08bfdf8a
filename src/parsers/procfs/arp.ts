import { splitLines, splitWords } from '../lines.ts';
import { quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

export interface Neighbour {
  readonly address: string;
  readonly mac: string;
  /** Whether it has answered. */
  readonly isComplete: boolean;
}

/** Parses /proc/net/arp, as `arp_seq_show()` in net/ipv4/arp.c writes it: the IPv4 neighbours of all interfaces. */
export function parseNeighbours(text: string): Neighbour[] {
  const [header, ...rows] = splitLines(text);
  if (!header?.startsWith('IP address '))
    throw new ParseError(1, `expected the header "IP address", got ${quote(header)}`);
  return rows.map((row, index) => {
    const [address, , flags, mac] = splitWords(row);
    if (address === undefined || mac === undefined || !/^0x[\da-f]+$/.test(flags ?? '')) {
      throw new ParseError(index + 2, `expected a neighbour, got ${quote(row)}`);
    }
    return { address, mac, isComplete: (Number(flags) & complete) !== 0 };
  });
}

/** Parses /proc/net/arp: which hardware address an IPv4 neighbour has. One that has not answered is left out. */
export function parseArp(text: string): ReadonlyMap<string, string> {
  const answered = parseNeighbours(text).filter(({ isComplete }) => isComplete);
  return new Map(answered.map(({ address, mac }) => [address, mac]));
}

/** ATF_COM of include/uapi/linux/if_arp.h */
const complete = 0x02;
