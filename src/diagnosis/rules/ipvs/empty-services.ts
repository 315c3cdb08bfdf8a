import {
  ipvsRealServerWeight,
  ipvsVirtualServerRealServers,
  ipvsVirtualServerWeight,
} from '../../../collectors/ipvs/metrics.ts';
import { keepalivedRealServerUp } from '../../../collectors/keepalived-checkers/metrics.ts';
import { isLoopback } from '../../../identity/address.ts';
import { identityOf, nameServer } from '../../../identity/virtual-server.ts';
import { isKubernetesNode, isStandby } from '../../../readings/machine.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Sample } from '../../../scrape/metric.ts';
import type { AnyFound } from '../../finding.ts';
import { serviceSubject } from '../../subjects.ts';

/** Virtual servers that give new connections to no real server, or to the fallback server alone. */
export function emptyVirtualServers(readings: Readings): AnyFound[] {
  if (isKubernetesNode(readings)) return [];
  const severity = isStandby(readings) ? 'warning' : 'critical';
  return readings.all(ipvsVirtualServerRealServers).flatMap(({ labels, value: totalServers }): AnyFound[] => {
    const weight = readings.value(ipvsVirtualServerWeight, { ...identityOf(labels) });
    if (weight === undefined) return [];
    const fallback = weight > 0 && totalServers > 2 ? findFallback(readings, labels, weight) : undefined;
    if (weight > 0 && fallback === undefined) return [];
    const found = { severity, subject: serviceSubject(labels), numbers: { totalServers } } as const;
    return totalServers === 0
      ? [{ ...found, id: 'ipvs-service-without-real-servers', details: {} }]
      : [{ ...found, id: 'ipvs-service-weight-zero', details: fallback === undefined ? {} : { fallback } }];
  });
}

/**
 * `127.0.0.1:80`: the director itself, with all the weight. keepalived reports its own (`sorry_server`) another way. With one
 * other real server, the directors may be the real servers, and the other one drained.
 */
function findFallback(readings: Readings, labels: Sample['labels'], weight: number): string | undefined {
  if (readings.all(keepalivedRealServerUp).length > 0) return undefined;
  const own = readings
    .all(ipvsRealServerWeight, { ...identityOf(labels) })
    .find(({ labels: { real_address = '' }, value }) => value === weight && isLoopback(real_address));
  return own && nameServer({ address: own.labels.real_address ?? '', port: own.labels.real_port ?? '' });
}
