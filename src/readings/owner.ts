import type { Sample } from '../scrape/metric.ts';
import type { Destination } from './destinations.ts';

/** The port of OpenStack that flows go through, and whose it is. Empty texts stand for what is not known. */
export interface Owner {
  readonly portId: string;
  readonly device: string;
  /** The name that libvirt has for the virtual machine, and that its tenant gave it. */
  readonly domain: string;
  readonly vm: string;
  readonly project: string;
  readonly evidence: string;
}

/** @param labels those of conntrack_destination_info. */
export function readOwner(labels: Sample['labels']): Owner {
  const { port_id: portId = '', device = '', domain = '', vm = '', project = '', evidence = '' } = labels;
  return { portId, device, domain, vm, project, evidence };
}

/** `virtual machine director-1`, or `port tap1a2b3c4d-5e` where no more is known. */
export function nameOwner({ vm, domain, device }: Owner): string {
  const name = vm || domain;
  return name === '' ? `port ${device}` : `virtual machine ${name}`;
}

/** Whom to call, in a sentence. None where it is not known. */
export function describeOwner({ owner, zone }: Destination): string[] {
  if (owner === undefined) return [];
  const { portId, device, domain, vm, project, evidence } = owner;
  const whose = [
    ...(domain === '' ? [] : [`${nameOwner(owner)}${vm === '' ? '' : ` (${domain})`}`]),
    ...(project === '' ? [] : [`project ${project}`]),
  ];
  const port = `${device}${portId && ` (${portId})`}${whose.length > 0 ? `: ${whose.join(', ')}` : ''}`;
  const caveat = evidence === 'address' && zone === '0' ? ', which another network may have as well' : '';
  return [`Its port ${port}; known by ${grounds[evidence] ?? evidence}${caveat}`];
}

const grounds: Readonly<Record<string, string>> = {
  zone: 'the zone',
  address: 'the address',
  neighbour: 'the hardware address of this neighbour',
};
