import type { FlowTarget } from '../flows/census/destination-key.ts';
import type { ComputeNode } from './compute-node.ts';
import type { Port, Ports } from './ports.ts';
import type { DriverZone } from './zones.ts';

/** The port that tracked flows go through, and whose it is. Empty texts stand for what is not known. */
export interface FlowOwner {
  readonly port: Port;
  /** By what it is known: the zone, its own address, or the hardware address of a neighbour. */
  readonly evidence: 'zone' | 'address' | 'neighbour';
}

/** Undefined where it cannot be determined. */
export type FindOwner = (destination: Pick<FlowTarget, 'address' | 'zone'>) => FlowOwner | undefined;

/**
 * A zone of one port shows whose flows are in it. In a zone of several ports, and in one that was not assigned, such as
 * zone 0, the destination decides: as the address of exactly one port.
 */
export function createFindOwner(
  ports: Ports,
  zones: readonly DriverZone[],
  neighbours: ComputeNode['neighbours'],
): FindOwner {
  const stemsByZone = new Map<number, ReadonlySet<string>>();
  for (const { zone, stems } of zones) stemsByZone.set(zone, new Set([...stems, ...(stemsByZone.get(zone) ?? [])]));
  const byAddress = indexPorts(ports, ({ addresses }) => addresses);
  const byMac = indexPorts(ports, ({ mac }) => [mac]);
  const theOnly = (stems: readonly string[], evidence: FlowOwner['evidence']): FlowOwner | undefined => {
    const [stem = '', ...others] = stems;
    const port = ports.get(stem);
    return port === undefined || others.length > 0 ? undefined : { port, evidence };
  };
  return ({ address, zone }) => {
    const stems = stemsByZone.get(zone);
    if (stems?.size === 1) return theOnly([...stems], 'zone');
    const inZone = (found: readonly string[] = []) => (stems ? found.filter((stem) => stems.has(stem)) : found);
    return (
      theOnly(inZone(byAddress.get(address)), 'address') ??
      theOnly(inZone(byMac.get(neighbours.get(address) ?? '')), 'neighbour')
    );
  };
}

function indexPorts(ports: Ports, keysOf: (port: Port) => readonly string[]): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const [stem, port] of ports) {
    for (const key of keysOf(port).filter((one) => one !== '')) {
      const stems = index.get(key);
      if (stems) stems.push(stem);
      else index.set(key, [stem]);
    }
  }
  return index;
}
