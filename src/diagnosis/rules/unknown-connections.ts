import { conntrackInvalidTotal, conntrackSetting } from '../../collectors/conntrack-metrics.ts';
import { arrivalRate } from '../../collectors/conntrack-table/metrics.ts';
import { sum } from '../../flows/arithmetic.ts';
import { thresholds } from '../../identity/thresholds.ts';
import { listDestinations } from '../../readings/destinations.ts';
import type { Readings } from '../../readings/readings.ts';
import type { Found } from '../finding.ts';
import { namespaceOf } from '../subjects.ts';
import { chainsThatDropInvalid, isSufferer } from './firewall-rules.ts';

/** Late packets of connections that have ended are INVALID too: fewer than these for each new connection. */
const perNewConnection = { withPickUp: 2, without: 1 };

/**
 * The firewall drops packets of connections that this host does not have, and no destination explains them: those that
 * were open before a failover or a flush, or those of which only the replies pass.
 */
export function unknownConnections(readings: Readings): Found<'unknown-connections-dropped'>[] {
  const invalidPackets = readings.rise(conntrackInvalidTotal) ?? 0;
  const invalidPerSecond = readings.perSecond(conntrackInvalidTotal) ?? 0;
  const arrivalsPerSecond = sum(readings.all(arrivalRate).map(({ value }) => value));
  const picksUp = readings.value(conntrackSetting, { name: 'tcp_loose' }) !== 0;
  const usual = arrivalsPerSecond * (picksUp ? perNewConnection.withPickUp : perNewConnection.without);
  if (invalidPerSecond < Math.max(thresholds.conntrackInvalid.warning, usual)) return [];
  const chains = chainsThatDropInvalid(readings, invalidPackets);
  const isExplained = listDestinations(readings).some((one) => isSufferer(one, invalidPackets));
  if (chains.length === 0 || isExplained) return [];
  return [
    {
      id: 'unknown-connections-dropped',
      severity: picksUp ? 'warning' : 'critical',
      subject: namespaceOf(readings),
      numbers: { invalidPackets, invalidPerSecond, arrivalsPerSecond },
      details: { chains, picksUp },
    },
  ];
}
