import { ipvsVirtualServerInfo } from '../collectors/ipvs/metrics.ts';
import { identityOf, type ServiceIdentity, virtualServerKey } from '../identity/virtual-server.ts';
import type { Sample } from '../scrape/metric.ts';
import type { Readings } from './readings.ts';

export type WithName = (labels: Sample['labels']) => ServiceIdentity;

/** Gives the virtual server that any series is of, with its name where it has one. */
export function createWithName(readings: Readings): WithName {
  const named = readings.all(ipvsVirtualServerInfo).filter(({ labels }) => labels.name);
  const names = new Map(named.map(({ labels }) => [virtualServerKey(labels), labels.name]));
  return (labels) => {
    const name = names.get(virtualServerKey(labels));
    return name === undefined ? identityOf(labels) : { ...identityOf(labels), name };
  };
}
