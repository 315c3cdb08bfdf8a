import {
  firewallForwardDropsUntrackedInfo,
  firewallNotrackPacketsTotal,
} from '../../../collectors/firewall/metrics.ts';
import { prerequisitesOwnAddressInfo } from '../../../collectors/prerequisites/metrics.ts';
import { listNotrackRules } from '../../../readings/firewall-rules.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Found } from '../../finding.ts';
import { namespaceOf } from '../../subjects.ts';

/** Exempted packets are neither NEW nor ESTABLISHED: a firewall that accepts by state alone drops them. */
export function exemptedAndDropped(readings: Readings): Found<'notrack-dropped'>[] {
  const dropping = readings.all(firewallForwardDropsUntrackedInfo).map(({ labels: { chain = '' } }) => ({
    chain,
    tool: chain.split(' ').length === 2 ? 'iptables' : 'nft',
  }));
  if (dropping.length === 0) return [];
  return listNotrackRules(readings).flatMap(({ protocol, address, port, chains }): Found<'notrack-dropped'>[] => {
    const matchedPackets = readings.rise(firewallNotrackPacketsTotal, { protocol, address, port }) ?? 0;
    // What is for this host itself is not forwarded.
    if (matchedPackets === 0 || readings.is(prerequisitesOwnAddressInfo, { address })) return [];
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
