import { ipvsVirtualServerRealServers, ipvsVirtualServerWeight } from '../../../collectors/ipvs/metrics.ts';
import { identityOf } from '../../../identity/virtual-server.ts';
import { isKubernetesNode, isStandby } from '../../../readings/machine.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { AnyFound } from '../../finding.ts';
import { serviceSubject } from '../../subjects.ts';

/** Virtual servers that give new connections to no real server. */
export function emptyVirtualServers(readings: Readings): AnyFound[] {
  if (isKubernetesNode(readings)) return [];
  const severity = isStandby(readings) ? 'warning' : 'critical';
  return readings.all(ipvsVirtualServerRealServers).flatMap(({ labels, value: totalServers }): AnyFound[] => {
    const weight = readings.value(ipvsVirtualServerWeight, { ...identityOf(labels) });
    if (weight === undefined || weight > 0) return [];
    const id = totalServers === 0 ? 'ipvs-service-without-real-servers' : 'ipvs-service-weight-zero';
    return [{ id, severity, subject: serviceSubject(labels), numbers: { totalServers }, details: {} }];
  });
}
