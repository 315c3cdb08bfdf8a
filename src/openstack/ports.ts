import { formatIPv6, parseIPv6 } from '../identity/address.ts';
import type { LibvirtDomain } from '../parsers/openstack/libvirt-domain.ts';
import type { ComputeNode } from './compute-node.ts';

/** A port of a virtual machine on this machine. Empty texts stand for what is not known. */
export interface Port {
  /** Neutron's UUID. */
  readonly id: string;
  /** The machine's end of it: `tap1a2b3c4d-5e`. */
  readonly device: string;
  readonly mac: string;
  /** Its own, in RFC 5952 form. Not those that it also lets through: address pairs, virtual addresses. */
  readonly addresses: readonly string[];
  /** UUID of its virtual machine. */
  readonly vmId: string;
  readonly domain: LibvirtDomain | undefined;
}

/** Ports by their stem. */
export type Ports = ReadonlyMap<string, Port>;

/** The start of a port's UUID, after which Neutron and Nova name its devices: `1a2b3c4d-5e` of `tap1a2b3c4d-5e`. */
export function stemOfDevice(device: string): string | undefined {
  const [, stem] = /^(?:tap|qvb|qvo)([\da-f]{8}-[\da-f]{2})$/.exec(device) ?? [];
  return stem;
}

export function stemOfId(id: string): string | undefined {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(id) ? id.slice(0, stemLength) : undefined;
}

const stemLength = 11;

const nothing: Port = { id: '', device: '', mac: '', addresses: [], vmId: '', domain: undefined };

/**
 * Combines what each source has on a port. Where they differ, what the first of them reports counts. A port of
 * libvirt that is none of Neutron's has the name of its device for a stem.
 */
export function listPorts({ domains = [], openVSwitch, rules }: ComputeNode): Ports {
  const ports = new Map<string, Port>();
  const note = (stem: string, seen: Partial<Port>) => ports.set(stem, merge(seen, ports.get(stem)));
  const plugged = new Map(openVSwitch?.interfaces.map((one) => [one.name, one]));
  const domainsById = new Map(domains.map((domain) => [domain.uuid, domain]));
  for (const domain of domains) {
    for (const { device, mac, portId, addresses } of domain.interfaces) {
      const id = portId || plugged.get(device)?.portId || '';
      const stem = stemOfDevice(device) ?? stemOfId(id) ?? device;
      if (stem !== '') note(stem, { id, device, mac, addresses, vmId: domain.uuid, domain });
    }
  }
  for (const { name, portId, mac, vmId } of plugged.values()) {
    const stem = stemOfId(portId);
    if (stem !== undefined)
      note(stem, { id: portId, device: tapOf(stem, name), mac, vmId, domain: domainsById.get(vmId) });
  }
  for (const { device } of rules) {
    const stem = stemOfDevice(device);
    if (stem !== undefined) note(stem, { device: tapOf(stem, device) });
  }
  for (const domain of domains) {
    for (const { id, addresses } of domain.ports) {
      const stem = stemOfId(id);
      // One without a device here has no flows here: it is a part of a network card.
      if (stem !== undefined && ports.has(stem)) note(stem, { id, addresses, vmId: domain.uuid, domain });
    }
  }
  return ports;
}

/** A hybrid port has a bridge and two more devices between its tap and Open vSwitch, all of one stem. */
function tapOf(stem: string, device: string): string {
  return stemOfDevice(device) === stem ? `tap${stem}` : device;
}

function merge(seen: Partial<Port>, known: Port = nothing): Port {
  return {
    id: known.id || seen.id || '',
    device: known.device || seen.device || '',
    mac: known.mac || seen.mac || '',
    addresses: [...known.addresses, ...(seen.addresses ?? []).map(canonical)],
    vmId: known.vmId || seen.vmId || '',
    domain: known.domain ?? seen.domain,
  };
}

function canonical(address: string): string {
  const groups = address.includes(':') ? parseIPv6(address) : undefined;
  return groups ? formatIPv6(groups) : address;
}
