import type { Steps } from '../../async/turns.ts';
import type { Host } from '../../host/host.ts';
import { readParsedInTurns } from '../../host/read.ts';
import { parseIPv4 } from '../../identity/address.ts';
import { groupBy } from '../../identity/group-by.ts';
import { eachIPv6Route, type IPv6Route, leadsToIPv6, parseDigits } from '../../parsers/procfs/ipv6-route.ts';
import { eachRoute, leadsTo, type Route } from '../../parsers/procfs/route.ts';
import { ifReadable } from '../attempts.ts';

/** A peer, and the interface from which its instance sends to it. */
export interface PeerLink {
  /** Empty where the kernel chooses. */
  readonly device: string;
  /** In the form of parseAddress(). */
  readonly peer: string;
}

/** How the kernel sends to a peer. */
export type WayToPeer = 'on the link' | 'by a gateway' | 'no route';

/** A file of routes. */
interface RouteTable<Row, Address> {
  readonly path: string;
  /** Undefined of a row that is no way to another machine. */
  readonly each: (text: string) => Iterable<Row | undefined>;
  readonly parseAddress: (peer: string) => Address | undefined;
  readonly leadsTo: (row: Row, address: Address) => boolean;
  readonly prefixLength: (row: Row) => number;
  readonly hasGateway: (row: Row) => boolean;
}

const ipv4: RouteTable<Route, number> = {
  path: '/proc/net/route',
  each: eachRoute,
  parseAddress: parseIPv4,
  leadsTo,
  prefixLength: ({ mask }) => Math.clz32(~mask),
  hasGateway: ({ gateway }) => gateway !== 0,
};

const ipv6: RouteTable<IPv6Route, string> = {
  path: '/proc/net/ipv6_route',
  each: eachIPv6Route,
  parseAddress: parseDigits,
  leadsTo: leadsToIPv6,
  prefixLength: ({ prefixLength }) => prefixLength,
  hasGateway: ({ hasGateway }) => hasGateway,
};

/** The ways to these peers, without those whose table of routes cannot be read or is longer than this program reads. */
export async function readWays(host: Host, links: readonly PeerLink[]): Promise<ReadonlyMap<PeerLink, WayToPeer>> {
  // Each table takes the peers of its family.
  const found = await Promise.all([readTable(host, ipv4, links), readTable(host, ipv6, links)]);
  return new Map(found.flat());
}

/** The best route to a peer so far. */
interface Search<Address> {
  readonly link: PeerLink;
  readonly address: Address;
  prefixLength: number;
  way: WayToPeer;
}

async function readTable<Row extends { readonly interface: string }, Address>(
  host: Host,
  table: RouteTable<Row, Address>,
  links: readonly PeerLink[],
): Promise<readonly (readonly [PeerLink, WayToPeer])[]> {
  const searches = links.flatMap((link): Search<Address>[] => {
    const address = table.parseAddress(link.peer);
    return address === undefined ? [] : [{ link, address, prefixLength: -1, way: 'no route' }];
  });
  if (searches.length === 0) return [];
  const read = readParsedInTurns(host, table.path, (text) => search(table, text, searches));
  const found = (await ifReadable(read)) ?? [];
  return found.map(({ link, way }) => [link, way]);
}

/** Rows and comparisons of a step: some 0.2 ms of a processor. */
const stepLength = 64;

function* search<Row extends { readonly interface: string }, Address>(
  table: RouteTable<Row, Address>,
  text: string,
  searches: readonly Search<Address>[],
): Steps<readonly Search<Address>[]> {
  const byDevice = groupBy(searches, ({ link }) => link.device);
  let done = 0;
  for (const row of table.each(text)) {
    if (row !== undefined) {
      done += consider(table, row, byDevice.get(row.interface)) + consider(table, row, byDevice.get(''));
    }
    if (++done < stepLength) continue;
    yield;
    done = 0;
  }
  return searches;
}

/** Of equal prefixes the first row counts. Returns how many were compared. */
function consider<Row, Address>(
  table: RouteTable<Row, Address>,
  row: Row,
  searches: readonly Search<Address>[] = [],
): number {
  const prefixLength = table.prefixLength(row);
  for (const one of searches) {
    if (prefixLength <= one.prefixLength || !table.leadsTo(row, one.address)) continue;
    one.prefixLength = prefixLength;
    one.way = table.hasGateway(row) ? 'by a gateway' : 'on the link';
  }
  return searches.length;
}
