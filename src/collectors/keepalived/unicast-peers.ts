import { ifPresent } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { readParsed } from '../../host/read.ts';
import type { VrrpInstance } from '../../parsers/keepalived/vrrp/vrrp-instance.ts';
import { parseNeighbours } from '../../parsers/procfs/arp.ts';
import { leadsTo, parseRoutes, type Route } from '../../parsers/procfs/route.ts';
import { type Sample, sampleKnown } from '../../scrape/metric.ts';
import { keepalivedVrrpUnicastPeerReachable } from './metrics.ts';
import { labelsOf } from './vrrp.ts';

/** Whether packets to an address can leave this host. Undefined where nothing shows it: behind a router, or for IPv6. */
export type Reach = (address: string) => boolean | undefined;

const unknown: Reach = () => undefined;

/** A master sends to its peers all the time, so that the kernel asks for their hardware addresses. */
export async function readReach(host: Host, instances: readonly VrrpInstance[]): Promise<Reach> {
  const peers = instances.filter(isMaster).flatMap(({ settings }) => settings.unicastPeers ?? []);
  const wanted = new Set(peers.filter((peer) => !peer.includes(':')));
  if (wanted.size === 0) return unknown;
  const neighbours = (await ifPresent(readParsed(host, '/proc/net/arp', parseNeighbours))) ?? [];
  const known = new Map<string, boolean>();
  for (const { address, isComplete } of neighbours) known.set(address, isComplete || known.get(address) === true);
  const isIncomplete = [...wanted].some((peer) => known.get(peer) !== true);
  // A table of routes may be long.
  const routes = isIncomplete ? await ifPresent(readParsed(host, '/proc/net/route', parseRoutes)) : undefined;
  return (address) => (wanted.has(address) ? isReached(known.get(address), address, routes) : undefined);
}

/**
 * Behind a gateway nothing shows it: an old entry of ARP may still be there. Without a route keepalived, which is bound
 * to an interface, asks there.
 */
function isReached(answers: boolean | undefined, address: string, routes: readonly Route[] | undefined) {
  if (answers || routes === undefined) return answers;
  const leading = routes.filter((route) => leadsTo(route, address)).sort((one, other) => other.mask - one.mask);
  if (leading[0] === undefined) return false;
  return leading[0].gateway === 0 ? answers : undefined;
}

export function sampleReach(instance: VrrpInstance, reach: Reach): Sample[] {
  if (!isMaster(instance)) return [];
  return (instance.settings.unicastPeers ?? []).flatMap((peer) =>
    sampleKnown(keepalivedVrrpUnicastPeerReachable, reach(peer), { ...labelsOf(instance), peer }),
  );
}

function isMaster({ state }: VrrpInstance): boolean {
  return state === 'master';
}
