import { formatIPv4, formatIPv6 } from '../identity/address.ts';

/**
 * Replaces addresses by others that are valid and belong to nobody. The same address always gets the same one, in the
 * order of their first appearance; nothing in the result depends on the address itself.
 */
export type Pseudonyms = (address: string) => string;

/**
 * IPv4 addresses come from 198.18.0.0/15 (RFC 2544, benchmarks) and, when those are used up, from 100.64.0.0/10
 * (RFC 6598, shared address space): 4,325,376 in all. IPv6 addresses come from 2001:db8::/32 (RFC 3849,
 * documentation).
 */
export function createPseudonyms(): Pseudonyms {
  const known = new Map<string, string>();
  let v4 = 0;
  let v6 = 0;
  return (address) => {
    const earlier = known.get(address);
    if (earlier !== undefined) return earlier;
    const pseudonym = address.includes(':') ? numberIPv6(++v6) : numberIPv4(++v4);
    known.set(address, pseudonym);
    return pseudonym;
  };
}

const benchmark = { first: 0xc612_0000, size: 2 ** 17 };
const shared = { first: 0x6440_0000, size: 2 ** 22 };

function numberIPv4(index: number): string {
  if (index < benchmark.size) return formatIPv4(benchmark.first + index);
  const rest = index - benchmark.size;
  if (rest >= shared.size) throw new RangeError('Cannot replace more than 4325375 IPv4 addresses in one recording');
  return formatIPv4(shared.first + rest);
}

function numberIPv6(index: number): string {
  return formatIPv6([0x2001, 0xdb8, 0, 0, 0, 0, Math.floor(index / 0x1_0000), index % 0x1_0000]);
}
