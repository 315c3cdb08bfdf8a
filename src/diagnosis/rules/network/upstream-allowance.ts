import { ethtoolAllowanceExceededTotal } from '../../../collectors/ethtool-metrics.ts';
import { thresholds } from '../../../identity/thresholds.ts';
import { known } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import { availableUpstream } from '../../../readings/upstream-limit.ts';
import type { AnyFound } from '../../finding.ts';

const conntrack = { allowance: 'conntrack' };

/** What the network of EC2 tracks for the security groups of an instance, as its driver reports it. */
export function upstreamAllowance(readings: Readings): AnyFound[] {
  const droppedPackets = readings.rise(ethtoolAllowanceExceededTotal, conntrack) ?? 0;
  if (droppedPackets > 0) {
    const droppedPerSecond = readings.perSecond(ethtoolAllowanceExceededTotal, conntrack);
    const numbers = { droppedPackets, ...known({ droppedPerSecond }) };
    return [{ id: 'ipvs-upstream-allowance-exceeded', severity: 'critical', subject: {}, numbers, details: {} }];
  }
  const availableEntries = availableUpstream(readings);
  if (availableEntries === undefined || availableEntries >= thresholds.upstreamAllowance.fewEntries) return [];
  const severity = availableEntries === 0 ? 'critical' : 'warning';
  return [{ id: 'ipvs-upstream-allowance-low', severity, subject: {}, numbers: { availableEntries }, details: {} }];
}
