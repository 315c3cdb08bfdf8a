import { parseIPv6 } from '../../identity/address.ts';
import { splitLines, splitWords } from '../lines.ts';
import { parseHex, quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/** A route of IPv6 to other machines. */
export interface IPv6Route {
  readonly interface: string;
  /** The address in 32 hexadecimal digits. */
  readonly destination: string;
  /** From 0 to 128. */
  readonly prefixLength: number;
  readonly hasGateway: boolean;
}

/** RTF_GATEWAY, RTF_REJECT of include/uapi/linux/route.h; RTF_ANYCAST, RTF_LOCAL of ipv6_route.h. */
const gateway = 0x2;
const notElsewhere = 0x200 | 0x10_0000 | 0x8000_0000;

/**
 * Parses /proc/net/ipv6_route, as `ipv6_route_native_seq_show()` in net/ipv6/ip6_fib.c writes it: the routes of every
 * table. Those that refuse packets, or lead to this machine itself, are left out.
 */
export function parseIPv6Routes(text: string): IPv6Route[] {
  return splitLines(text).flatMap((row, index) => parseRow(row, index + 1));
}

function parseRow(row: string, line: number): IPv6Route[] {
  const words = splitWords(row);
  const [destination = '', length, , , , , , , flagsText, device] = words;
  if (!/^[\da-f]{32}$/.test(destination)) {
    throw new ParseError(line, `expected a route of IPv6, got ${quote(row)}`);
  }
  const prefixLength = parseHex(length, 'the prefix length', line);
  if (prefixLength > 128) throw new ParseError(line, `expected a prefix length up to 128, got ${prefixLength}`);
  const flags = parseHex(flagsText, 'the flags', line);
  if (device === undefined || words.length > 10) throw new ParseError(line, `expected 10 columns, got ${words.length}`);
  if ((flags & notElsewhere) !== 0) return [];
  return [{ interface: device, destination, prefixLength, hasGateway: (flags & gateway) !== 0 }];
}

/** Whether a route is for an IPv6 address. */
export function leadsToIPv6({ destination, prefixLength }: IPv6Route, address: string): boolean {
  const groups = parseIPv6(address);
  if (groups === undefined) return false;
  const digits = groups.map((group) => group.toString(16).padStart(4, '0')).join('');
  return prefixOf(digits, prefixLength) === prefixOf(destination, prefixLength);
}

/** The first bits of hexadecimal digits. */
function prefixOf(digits: string, bits: number): string {
  const [whole, rest] = [bits >> 2, bits & 3];
  const last = rest === 0 ? '' : (Number.parseInt(digits.charAt(whole), 16) >> (4 - rest)).toString();
  return digits.slice(0, whole) + last;
}
