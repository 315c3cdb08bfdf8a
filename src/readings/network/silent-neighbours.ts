import { prerequisitesSilentNeighbourInfo } from '../../collectors/prerequisites/metrics.ts';
import type { Readings } from '../readings.ts';

/** An address of a network of this host that does not answer ARP: what is sent to it is lost. */
export interface SilentNeighbour {
  readonly address: string;
  readonly interface: string;
}

/**
 * Undefined where it answers, or was not asked for. Those of other network namespaces are not read, and another zone of
 * connection tracking may be another network.
 */
export function findSilentNeighbour(readings: Readings, address: string, zone = '0'): SilentNeighbour | undefined {
  return zone === '0' ? find(readings, { address }) : undefined;
}

/** The gateway of the default route, if it does not answer. */
export function findSilentGateway(readings: Readings): SilentNeighbour | undefined {
  return find(readings, { gateway: 'default' });
}

function find(readings: Readings, labels: Readonly<Record<string, string>>): SilentNeighbour | undefined {
  if (readings.netns !== undefined) return undefined;
  const [found] = readings.all(prerequisitesSilentNeighbourInfo, labels);
  return found && { address: found.labels.address ?? '', interface: found.labels.interface ?? '' };
}
