import { parseIPv6 } from '../../identity/address.ts';
import { eachLine, splitWords } from '../lines.ts';
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
 * table, one by one, of which a router may have 200,000. Undefined stands for one that refuses packets, or leads to this
 * machine itself.
 */
export function* eachIPv6Route(text: string): Generator<IPv6Route | undefined> {
  let line = 0;
  for (const row of eachLine(text)) yield parseRow(row, ++line);
}

function parseRow(row: string, line: number): IPv6Route | undefined {
  const words = splitWords(row);
  const [destination = '', length, , , , , , , flagsText, device] = words;
  if (!/^[\da-f]{32}$/.test(destination)) {
    throw new ParseError(line, `expected a route of IPv6, got ${quote(row)}`);
  }
  const prefixLength = parseHex(length, 'the prefix length', line);
  if (prefixLength > 128) throw new ParseError(line, `expected a prefix length up to 128, got ${prefixLength}`);
  const flags = parseHex(flagsText, 'the flags', line);
  if (device === undefined || words.length > 10) throw new ParseError(line, `expected 10 columns, got ${words.length}`);
  if ((flags & notElsewhere) !== 0) return undefined;
  return { interface: device, destination, prefixLength, hasGateway: (flags & gateway) !== 0 };
}

/** The 32 hexadecimal digits of an IPv6 address, or undefined if it is none. */
export function parseDigits(address: string): string | undefined {
  return parseIPv6(address)
    ?.map((group) => group.toString(16).padStart(4, '0'))
    .join('');
}

/** Whether a route is for the IPv6 address of these digits. */
export function leadsToIPv6({ destination, prefixLength }: IPv6Route, digits: string): boolean {
  const whole = prefixLength >> 2;
  for (let at = 0; at < whole; at++) if (destination[at] !== digits[at]) return false;
  const rest = 4 - (prefixLength & 3);
  return rest === 4 || valueAt(destination, whole) >> rest === valueAt(digits, whole) >> rest;
}

function valueAt(digits: string, at: number): number {
  return Number.parseInt(digits.charAt(at), 16);
}
