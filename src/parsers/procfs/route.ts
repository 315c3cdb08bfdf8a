import { eachLine, splitWords } from '../lines.ts';
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
 * order of the machine, which is little-endian wherever this program runs: one by one, of which a router may have 250,000.
 * Without any route the file is empty.
 */
export function* eachRoute(text: string): Generator<Route> {
  let line = 0;
  for (const row of eachLine(text)) {
    if (++line > 1) yield parseRow(row, line);
    else if (!row.startsWith('Iface')) throw new ParseError(1, `expected the header "Iface", got ${quote(row)}`);
  }
}

/** Whether a route is for an IPv4 address of 32 bits, and does not refuse its packets. */
export function leadsTo({ interface: name, destination, mask }: Route, address: number): boolean {
  return name !== '*' && (address & mask) >>> 0 === destination;
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
  return ((swapped << 24) | ((swapped & 0xff00) << 8) | ((swapped >>> 8) & 0xff00) | (swapped >>> 24)) >>> 0;
}
