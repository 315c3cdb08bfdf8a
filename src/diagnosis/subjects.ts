import { identityOf } from '../identity/virtual-server.ts';
import type { Destination } from '../readings/destinations.ts';
import type { Readings } from '../readings/readings.ts';
import type { Instance } from '../readings/vrrp-instances.ts';
import type { Sample } from '../scrape/metric.ts';
import type { Subject } from './finding.ts';

/** The network namespace that readings are of. */
export function namespaceOf({ netns }: Pick<Readings, 'netns'>): Subject {
  return netns === undefined ? {} : { namespace: netns };
}

export function destinationSubject({ protocol, address, port, zone, netns, owner }: Destination): Subject {
  return { ...namespaceOf({ netns }), destination: { protocol, address, port, zone }, ...(owner && { owner }) };
}

/** @param labels those of any series of a virtual server. */
export function serviceSubject(labels: Sample['labels']): Subject {
  return { service: identityOf(labels) };
}

/** @param labels those of any series of a real server. */
export function realServerSubject(labels: Sample['labels']): Subject {
  const { real_address: address = '', real_port: port = '', forward = '' } = labels;
  return { ...serviceSubject(labels), realServer: { address, port, forward } };
}

export function instanceSubject({ name, labels }: Instance): Subject {
  return { instance: { name, interface: labels.interface ?? '', routerId: labels.vrid ?? '' } };
}
