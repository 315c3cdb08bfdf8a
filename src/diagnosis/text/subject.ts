import { nameServer, nameService } from '../../identity/virtual-server.ts';
import { nameDestination } from '../../readings/destinations.ts';
import { nameOwner, type PortOwner } from '../../readings/port-owner.ts';
import type { Subject } from '../finding.ts';

/** What a finding is about, in short. Empty for the machine. */
export function nameSubject({
  destination,
  source,
  zone,
  service,
  realServer,
  instance,
  address,
  daemon,
  collector,
  namespace,
}: Subject): string {
  const parts = [
    destination && nameDestination(destination),
    source && `from ${source}`,
    zone && `zone ${zone}`,
    service && nameService(service),
    realServer && nameServer(realServer),
    instance?.name,
    address,
    daemon,
    collector,
    namespace && `namespace ${namespace}`,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

/** `tcp 10.0.0.100:80 (virtual machine director-1)`. */
export function nameWithOwner({ destination, owner, namespace }: Subject): string {
  const name = destination ? nameDestination(destination) : 'an unknown destination';
  return `${name}${owner ? ` (${nameOwner(owner)})` : ''}${inNamespaceOf(namespace)}`;
}

/** ` of network namespace qrouter-1`; empty for the exporter's own. */
export function inNamespaceOf(namespace: string | undefined): string {
  return namespace === undefined ? '' : ` of network namespace ${namespace}`;
}

/** `192.0.2.10`, `This host (192.0.2.2)`. */
export function nameSource({ source = '' }: Subject, isOwn: boolean): string {
  return isOwn ? `This host (${source})` : source;
}

/** Whom to call. Empty if it is not known. */
export function describeOwner({ owner, destination }: Subject): string[] {
  if (owner === undefined) return [];
  const { device, portId, evidence } = owner;
  const whose = describeMachine(owner);
  const port = `${device}${portId && ` (${portId})`}${whose === '' ? '' : `: ${whose}`}`;
  const isAmbiguous = evidence === 'address' && destination?.zone === '0';
  return [
    `Port ${port}; identified by ${grounds[evidence] ?? evidence}${isAmbiguous ? ', which another network may also use' : ''}`,
  ];
}

function describeMachine(owner: PortOwner): string {
  const { domain, vm, project } = owner;
  const machine = domain === '' ? [] : [`${nameOwner(owner)}${vm === '' ? '' : ` (${domain})`}`];
  return [...machine, ...(project === '' ? [] : [`project ${project}`])].join(', ');
}

const grounds: Readonly<Record<string, string>> = {
  zone: 'the zone',
  address: 'the address',
  neighbour: 'the hardware address of this neighbour',
};
