import { ifNetlink } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { readParsed } from '../../host/read.ts';
import { parseAddress } from '../../identity/address.ts';
import type { AskedNeighbour } from '../../netlink/route/neighbour-message.ts';
import type { VrrpInstance } from '../../parsers/keepalived/vrrp/vrrp-instance.ts';
import { parseNeighbours } from '../../parsers/procfs/arp.ts';
import { type Sample, sampleKnown } from '../../scrape/metric.ts';
import { ifReadable } from '../attempts.ts';
import { keepalivedVrrpUnicastPeerReachable } from './metrics.ts';
import { type PeerLink, readWays, type WayToPeer } from './peer-routes.ts';
import { labelsOf } from './vrrp.ts';

/**
 * Whether the advertisements of an instance can reach a peer. Undefined where nothing shows it: behind a router, or
 * where the kernel did not ask yet.
 */
export type Reach = (instance: VrrpInstance, peer: string) => boolean | undefined;

/**
 * A master sends to its peers all the time, so that the kernel asks for their hardware addresses. keepalived binds its
 * socket to the interface, so that only what happens there counts, whatever the peer is to another instance.
 */
export async function readReach(host: Host, instances: readonly VrrpInstance[]): Promise<Reach> {
  const links = new Map(
    instances
      .filter(isMaster)
      .flatMap(linksOf)
      .map((link) => [keyOf(link), link]),
  );
  const peers = new Set([...links.values()].map(({ peer }) => peer));
  const neighbours = peers.size === 0 ? undefined : await readNeighbours(host, peers);
  if (neighbours === undefined) return () => undefined;
  const answers = indexAnswers(neighbours);
  const silent = [...links].filter(([key]) => answers.get(key) !== true);
  const ways = await readWays(
    host,
    silent.map(([, link]) => link),
  );
  const reached = new Map([...links].map(([key, link]) => [key, isReached(link, answers.get(key), ways.get(link))]));
  return (instance, peer) => reached.get(keyOf(linkTo(instance, peer)));
}

/** Without netlink from the file, which has IPv4 alone; undefined where there is neither. */
async function readNeighbours(host: Host, peers: ReadonlySet<string>): Promise<readonly AskedNeighbour[] | undefined> {
  const asked = await ifNetlink(host.neighbours([...peers]));
  if (asked !== undefined) return asked;
  const listed = await ifReadable(readParsed(host, '/proc/net/arp', parseNeighbours));
  return listed
    ?.filter(({ address, isPermanent }) => peers.has(address) && !isPermanent)
    .map(({ address, interface: device, isComplete }) => ({ address, interface: device, answered: isComplete }));
}

/** By keyOf(), on each interface and on any: absent where the kernel did not ask. */
function indexAnswers(neighbours: readonly AskedNeighbour[]): ReadonlyMap<string, boolean> {
  const answers = new Map<string, boolean>();
  for (const { interface: own, address, answered } of neighbours) {
    for (const device of [own, '']) {
      const key = keyOf({ device, peer: address });
      answers.set(key, answered || answers.get(key) === true);
    }
  }
  return answers;
}

/**
 * Behind a gateway nothing shows it: an old entry of the peer may still be there. Without a route the kernel asks on the
 * interface for an IPv4 address, and refuses to send to an IPv6 address.
 */
function isReached(link: PeerLink, answered: boolean | undefined, way: WayToPeer | undefined): boolean | undefined {
  if (answered || way === undefined || way === 'on the link') return answered;
  if (way === 'by a gateway') return undefined;
  return mayAskWithoutRoute(link) ? answered : false;
}

/** Asking on the link is the kernel's last resort for IPv4 alone: ip_route_output_key_hash_rcu() in net/ipv4/route.c. */
function mayAskWithoutRoute({ device, peer }: PeerLink): boolean {
  return !peer.includes(':') && device !== '';
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

function linksOf(instance: VrrpInstance): PeerLink[] {
  return peersOf(instance).map((peer) => linkTo(instance, peer));
}

/** An instance without an interface leaves it to the kernel. */
function linkTo({ interface: own, settings }: VrrpInstance, peer: string): PeerLink {
  return { device: settings.sendingInterface ?? own, peer: parseAddress(peer) ?? peer };
}

function keyOf({ device, peer }: PeerLink): string {
  return `${device} ${peer}`;
}

function isMaster({ state }: VrrpInstance): boolean {
  return state === 'master';
}
