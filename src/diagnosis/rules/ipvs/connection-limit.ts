import { ipvsConnections, ipvsConnectionsLimit } from '../../../collectors/ipvs/metrics.ts';
import { thresholds } from '../../../identity/thresholds.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Found } from '../../finding.ts';

/** At net.ipv4.vs.conn_max, `ip_vs_conn_new()` gives none, and nothing counts that. A limit of 0 allows none at all. */
export function ipvsConnectionLimit(readings: Readings): Found<'ipvs-connections-nearly-full'>[] {
  const presentConnections = readings.value(ipvsConnections);
  const limitConnections = readings.value(ipvsConnectionsLimit);
  if (presentConnections === undefined || limitConnections === undefined) return [];
  const { warning, critical } = thresholds.ipvsConnectionsUsed;
  if (presentConnections < warning * limitConnections) return [];
  return [
    {
      id: 'ipvs-connections-nearly-full',
      severity: presentConnections >= critical * limitConnections ? 'critical' : 'warning',
      subject: {},
      numbers: { presentConnections, limitConnections },
      details: {},
    },
  ];
}
