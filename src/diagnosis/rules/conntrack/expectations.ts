import { conntrackExpectations, conntrackExpectationsLimit } from '../../../collectors/conntrack-metrics.ts';
import { thresholds } from '../../../identity/thresholds.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Found } from '../../finding.ts';
import { namespaceOf } from '../../subjects.ts';

/** Helpers find no room for the connections that they expect: the kernel drops the packet that announces one. */
export function expectations(readings: Readings): Found<'conntrack-expectations-full'>[] {
  const expectedConnections = readings.value(conntrackExpectations) ?? 0;
  const limitConnections = readings.value(conntrackExpectationsLimit) ?? 0;
  const { warning } = thresholds.conntrackUsed;
  if (limitConnections === 0 || expectedConnections < warning * limitConnections) return [];
  return [
    {
      id: 'conntrack-expectations-full',
      severity: expectedConnections >= limitConnections ? 'critical' : 'warning',
      subject: namespaceOf(readings),
      numbers: { expectedConnections, limitConnections },
      details: {},
    },
  ];
}
