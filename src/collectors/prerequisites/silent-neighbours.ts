import type { Host } from '../../host/host.ts';
import { readParsed, readParsedInTurns } from '../../host/read.ts';
import { formatIPv4 } from '../../identity/address.ts';
import { parseNeighbours } from '../../parsers/procfs/arp.ts';
import { eachRoute } from '../../parsers/procfs/route.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { ifReadable } from '../attempts.ts';
import { prerequisitesSilentNeighbourInfo } from './metrics.ts';

/** As many as the kernel has by default: `gc_thresh3`. */
const maxListed = 1024;

/** Of IPv4 alone: the kernel has no file of the neighbours of IPv6. */
export async function sampleSilentNeighbours(host: Host): Promise<Sample[]> {
  const neighbours = (await ifReadable(readParsed(host, '/proc/net/arp', parseNeighbours))) ?? [];
  // An entry that an old route left on another interface is no evidence: packets go to where it answers.
  const answered = new Set(neighbours.filter(({ isComplete }) => isComplete).map(({ address }) => address));
  // A permanent one without a hardware address is one that this host itself answers for (proxy ARP).
  const silent = neighbours
    .filter(({ address, isPermanent }) => !isPermanent && !answered.has(address))
    .slice(0, maxListed);
  if (silent.length === 0) return [];
  const gateway = await ifReadable(readParsedInTurns(host, '/proc/net/route', findDefaultGateway));
  return silent.map(({ address, interface: device }) =>
    sample(prerequisitesSilentNeighbourInfo, 1, {
      address,
      interface: device,
      gateway: gateway?.address === address && gateway.interface === device ? 'default' : '',
    }),
  );
}

/** Of several default routes the kernel lists that of the lowest metric first. */
function* findDefaultGateway(text: string) {
  for (const { interface: name, mask, gateway } of eachRoute(text)) {
    if (mask !== 0) return undefined;
    if (gateway !== 0) return { address: formatIPv4(gateway), interface: name };
    yield;
  }
  return undefined;
}
