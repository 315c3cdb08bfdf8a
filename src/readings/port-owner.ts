import type { Sample } from '../scrape/metric.ts';

/** The port of OpenStack that flows go through, and whose it is. Empty texts stand for what is not known. */
export interface PortOwner {
  readonly portId: string;
  readonly device: string;
  /** The name that libvirt has for the virtual machine, and that its tenant gave it. */
  readonly domain: string;
  readonly vm: string;
  readonly project: string;
  readonly evidence: string;
}

/** @param labels those of conntrack_destination_info. */
export function readOwner(labels: Sample['labels']): PortOwner {
  const { port_id: portId = '', device = '', domain = '', vm = '', project = '', evidence = '' } = labels;
  return { portId, device, domain, vm, project, evidence };
}

/** `virtual machine director-1`, or `port tap1a2b3c4d-5e` where no more is known. */
export function nameOwner({ vm, domain, device }: PortOwner): string {
  const name = vm || domain;
  return name === '' ? `port ${device}` : `virtual machine ${name}`;
}
