import { ifNetlink, ifPresent } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { readParsed } from '../../host/read.ts';
import { parseAddress } from '../../identity/address.ts';
import type { AskedNeighbour } from '../../netlink/route/neighbour-message.ts';
import type { VrrpInstance } from '../../parsers/keepalived/vrrp/vrrp-instance.ts';
import { parseNeighbours } from '../../parsers/procfs/arp.ts';
import { leadsToIPv6, parseIPv6Routes } from '../../parsers/procfs/ipv6-route.ts';
import { leadsTo, parseRoutes } from '../../parsers/procfs/route.ts';
import { type Sample, sampleKnown } from '../../scrape/metric.ts';
import { keepalivedVrrpUnicastPeerReachable } from './metrics.ts';
import { labelsOf } from './vrrp.ts';

/**
 * Whether the advertisements of an instance can reach a peer. Undefined where nothing shows it: behind a router, or
 * where the kernel did not ask yet.
 */
export type Reach = (instance: VrrpInstance, peer: string) => boolean | undefined;

/** A way to an address that is on the network of the interface, or behind a gateway. */
interface Way {
  readonly interface: string;
  readonly prefixLength: number;
  readonly hasGateway: boolean;
  readonly leadsTo: (address: string) => boolean;
}

/** A master sends to its peers all the time, so that the kernel asks for their hardware addresses. */
export async function readReach(host: Host, instances: readonly VrrpInstance[]): Promise<Reach> {
  const masters = instances.filter(isMaster);
  const peers = new Set(masters.flatMap((one) => peersOf(one).map(normalize)));
  if (peers.size === 0) return () => undefined;
  const neighbours = await readNeighbours(host, peers);
  const answering = new Set(neighbours?.filter(({ answered }) => answered).map(({ address }) => address));
  const silent = [...peers].filter((peer) => !answering.has(peer));
  const ways = await readWays(host, silent);
  return (instance, peer) => neighbours && isReached(sendingInterface(instance), normalize(peer), neighbours, ways);
}

/** Without netlink from the file, which has IPv4 alone; undefined where there is neither. */
async function readNeighbours(host: Host, peers: ReadonlySet<string>): Promise<readonly AskedNeighbour[] | undefined> {
  const asked = await ifNetlink(host.neighbours([...peers]));
  if (asked !== undefined) return asked;
  const listed = await ifPresent(readParsed(host, '/proc/net/arp', parseNeighbours));
  return listed
    ?.filter(({ address, isPermanent }) => peers.has(address) && !isPermanent)
    .map(({ address, interface: device, isComplete }) => ({ address, interface: device, answered: isComplete }));
}

/** A table of routes may be long: it is read for a peer that does not answer. Undefined of a family that has none. */
async function readWays(host: Host, silent: readonly string[]): Promise<Record<'ipv4' | 'ipv6', Way[] | undefined>> {
  const isWanted = { ipv4: silent.some((one) => !one.includes(':')), ipv6: silent.some((one) => one.includes(':')) };
  const [ipv4, ipv6] = await Promise.all([
    isWanted.ipv4 ? ifPresent(readParsed(host, '/proc/net/route', parseRoutes)) : undefined,
    isWanted.ipv6 ? ifPresent(readParsed(host, '/proc/net/ipv6_route', parseIPv6Routes)) : undefined,
  ]);
  return {
    ipv4: ipv4?.map((route) => ({
      interface: route.interface,
      prefixLength: Math.clz32(~route.mask),
      hasGateway: route.gateway !== 0,
      leadsTo: (address) => leadsTo(route, address),
    })),
    ipv6: ipv6?.map((route) => ({ ...route, leadsTo: (address) => leadsToIPv6(route, address) })),
  };
}

/**
 * keepalived binds its socket to the interface, so that no other one counts. Behind a gateway nothing shows it: an old
 * entry of the peer may still be there. Without a route the kernel asks on this interface for an IPv4 address, and
 * refuses to send to an IPv6 address.
 */
function isReached(
  device: string,
  peer: string,
  neighbours: readonly AskedNeighbour[],
  ways: Readonly<Record<'ipv4' | 'ipv6', readonly Way[] | undefined>>,
): boolean | undefined {
  const isHere = (one: { readonly interface: string }) => device === '' || one.interface === device;
  const entries = neighbours.filter((one) => one.address === peer && isHere(one));
  if (entries.some(({ answered }) => answered)) return true;
  const family = peer.includes(':') ? 'ipv6' : 'ipv4';
  const all = ways[family];
  if (all === undefined) return entries.length > 0 ? false : undefined;
  const leading = all.filter((way) => isHere(way) && way.leadsTo(peer));
  const [best] = leading.sort((one, other) => other.prefixLength - one.prefixLength);
  if (best === undefined) return mayAskWithoutRoute(device, family) && entries.length === 0 ? undefined : false;
  return best.hasGateway || entries.length === 0 ? undefined : false;
}

/** Asking on the link is the kernel's last resort for IPv4 alone: ip_route_output_key_hash_rcu() in net/ipv4/route.c. */
function mayAskWithoutRoute(device: string, family: 'ipv4' | 'ipv6'): boolean {
  return family === 'ipv4' && device !== '';
}

export function sampleReach(instance: VrrpInstance, reach: Reach): Sample[] {
  if (!isMaster(instance)) return [];
  return peersOf(instance).flatMap((peer) =>
    sampleKnown(keepalivedVrrpUnicastPeerReachable, reach(instance, peer), { ...labelsOf(instance), peer }),
  );
}

function peersOf({ settings }: VrrpInstance): readonly string[] {
  return settings.unicastPeers ?? [];
}

/** Empty where an instance has none, and the kernel chooses. */
function sendingInterface({ interface: own, settings }: VrrpInstance): string {
  return settings.sendingInterface ?? own;
}

/** In the form in which the kernel's answers are written. */
function normalize(peer: string): string {
  return parseAddress(peer) ?? peer;
}

function isMaster({ state }: VrrpInstance): boolean {
  return state === 'master';
}
