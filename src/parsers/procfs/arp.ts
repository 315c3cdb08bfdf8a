import { splitLines, splitWords } from '../lines.ts';
import { quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

export interface Neighbour {
  readonly address: string;
  readonly mac: string;
  readonly interface: string;
  /** Whether it has answered, or was set by hand. */
  readonly isComplete: boolean;
  /** Whether it was set by hand: then the kernel never asks. */
  readonly isPermanent: boolean;
}

/** Parses /proc/net/arp, as `arp_seq_show()` in net/ipv4/arp.c writes it: the IPv4 neighbours of all interfaces. */
export function parseNeighbours(text: string): Neighbour[] {
  const [header, ...rows] = splitLines(text);
  if (!header?.startsWith('IP address '))
    throw new ParseError(1, `expected the header "IP address", got ${quote(header)}`);
  return rows.map((row, index) => {
    const [address, , flags, mac, , device] = splitWords(row);
    if (address === undefined || mac === undefined || device === undefined || !/^0x[\da-f]+$/.test(flags ?? '')) {
      throw new ParseError(index + 2, `expected a neighbour, got ${quote(row)}`);
    }
    const has = (flag: number) => (Number(flags) & flag) !== 0;
    return { address, mac, interface: device, isComplete: has(complete), isPermanent: has(permanent) };
  });
}

/** Parses /proc/net/arp: which hardware address an IPv4 neighbour has. One that has not answered is left out. */
export function parseArp(text: string): ReadonlyMap<string, string> {
  const answered = parseNeighbours(text).filter(({ isComplete }) => isComplete);
  return new Map(answered.map(({ address, mac }) => [address, mac]));
}

/** ATF_COM and ATF_PERM of include/uapi/linux/if_arp.h */
const complete = 0x02;
const permanent = 0x04;
