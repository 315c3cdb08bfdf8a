import { splitLines, splitWords } from '../lines.ts';
import { parseHex, quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/** A route of the main table. Addresses are 32 bits, as in 10.0.0.1 = 0x0a000001. */
export interface Route {
  /** `*` of one that refuses packets. */
  readonly interface: string;
  readonly destination: number;
  /** 0 where the destination is on the network of the interface. */
  readonly gateway: number;
  readonly mask: number;
}

/**
 * Parses /proc/net/route, as `fib_route_seq_show()` in net/ipv4/fib_trie.c writes it: IPv4 alone, addresses in the byte
 * order of the machine, which is little-endian wherever this program runs. Without any route the file is empty.
 */
export function parseRoutes(text: string): Route[] {
  if (text === '') return [];
  const [header, ...rows] = splitLines(text);
  if (!header?.startsWith('Iface')) throw new ParseError(1, `expected the header "Iface", got ${quote(header)}`);
  return rows.map((row, index) => parseRow(row, index + 2));
}

/** Whether a route is for an IPv4 address, and does not refuse its packets. */
export function leadsTo({ interface: name, destination, mask }: Route, address: string): boolean {
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return name !== '*' && (number & mask) >>> 0 === destination;
}

function parseRow(row: string, line: number): Route {
  const [name, destination, gateway, , , , , mask] = splitWords(row);
  if (name === undefined) throw new ParseError(line, `expected a route, got ${quote(row)}`);
  return {
    interface: name,
    destination: parseAddress(destination, 'the destination', line),
    gateway: parseAddress(gateway, 'the gateway', line),
    mask: parseAddress(mask, 'the mask', line),
  };
}

function parseAddress(text: string | undefined, what: string, line: number): number {
  const swapped = parseHex(text, what, line);
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setUint32(0, swapped, true);
  return bytes.getUint32(0);
}
