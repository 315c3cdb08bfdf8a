import { ifPresent } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { readParsed } from '../../host/read.ts';
import type { VrrpInstance } from '../../parsers/keepalived/vrrp-instance.ts';
import { parseNeighbours } from '../../parsers/procfs/arp.ts';
import { leadsTo, parseRoutes } from '../../parsers/procfs/route.ts';
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
  const isMissing = [...wanted].some((peer) => !known.has(peer));
  // A table of routes may be long.
  const routes = isMissing ? await ifPresent(readParsed(host, '/proc/net/route', parseRoutes)) : undefined;
  return (address) => known.get(address) ?? (routes && wanted.has(address) ? isRouted(address) : undefined);

  function isRouted(address: string): false | undefined {
    return routes?.some((route) => leadsTo(route, address)) ? undefined : false;
  }
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
