import { firewallNotrackPacketsTotal } from '../../../collectors/firewall/metrics.ts';
import { chainsThatDropExempted, listNotrackRules } from '../../../readings/firewall-rules.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Found } from '../../finding.ts';
import { namespaceOf } from '../../subjects.ts';

/** Exempted packets are neither NEW nor ESTABLISHED: a firewall that accepts by state alone drops them. */
export function exemptedAndDropped(readings: Readings): Found<'notrack-dropped'>[] {
  return listNotrackRules(readings).flatMap(({ protocol, address, port, chains }): Found<'notrack-dropped'>[] => {
    const matchedPackets = readings.rise(firewallNotrackPacketsTotal, { protocol, address, port }) ?? 0;
    const dropping = chainsThatDropExempted(readings, { address });
    if (matchedPackets === 0 || dropping.length === 0) return [];
    const subject = { ...namespaceOf(readings), destination: { protocol, address, port, zone: '' } };
    return [
      {
        id: 'notrack-dropped',
        severity: 'critical',
        subject,
        numbers: { matchedPackets },
        details: { chains, dropping },
      },
    ];
  });
}
