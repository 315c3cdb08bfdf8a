import type { ComputeNode } from './compute-node.ts';
import { type Ports, stemOfDevice, stemOfId } from './ports.ts';

/** Who chooses zones: Neutron's drivers iptables_hybrid and linuxbridge, its Open vSwitch firewall, or OVN. */
export const drivers = ['iptables', 'openvswitch', 'ovn'] as const;

/** A zone of connection tracking that a driver chose. */
export interface DriverZone {
  readonly driver: (typeof drivers)[number];
  readonly zone: number;
  /** Stems of the ports in it. None for that of a router, several for that of a network. */
  readonly stems: ReadonlySet<string>;
}

export function listDriverZones({ rules, openVSwitch }: ComputeNode, ports: Ports): DriverZone[] {
  return [
    ...group('iptables', rules, ({ device }) => stemOfDevice(device)),
    ...group('openvswitch', openVSwitch ? taggedPorts(openVSwitch) : [], ({ portId }) => stemOfId(portId)),
    ...group('ovn', openVSwitch?.zones ?? [], ({ owner }) => knownStem(owner, ports)),
  ];
}

/**
 * The Open vSwitch firewall has a zone for each network on a machine, whose number is its VLAN tag. A hybrid port has
 * a tag as well, and its zone by a rule of iptables.
 */
function taggedPorts({ interfaces, tags }: NonNullable<ComputeNode['openVSwitch']>) {
  return interfaces.flatMap(({ name, portId }) => {
    const zone = tags.get(name);
    return zone === undefined || name.startsWith('qvo') ? [] : [{ portId, zone }];
  });
}

/** OVN also has zones for routers (`…_dnat`) and for ports that no virtual machine has. */
function knownStem(owner: string, ports: Ports): string | undefined {
  const stem = stemOfId(owner);
  return stem !== undefined && ports.has(stem) ? stem : undefined;
}

function group<T extends { readonly zone: number }>(
  driver: DriverZone['driver'],
  claims: readonly T[],
  stemOf: (claim: T) => string | undefined,
): DriverZone[] {
  const stemsByZone = new Map<number, Set<string>>();
  for (const claim of claims) {
    const stems = stemsByZone.get(claim.zone) ?? new Set();
    stemsByZone.set(claim.zone, stems);
    const stem = stemOf(claim);
    if (stem !== undefined) stems.add(stem);
  }
  return [...stemsByZone].map(([zone, stems]) => ({ driver, zone, stems }));
}
