import { firewallDropsNeighboursInfo, firewallNeighbourMessagesTotal } from '../../../collectors/firewall/metrics.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Found } from '../../finding.ts';
import { namespaceOf } from '../../subjects.ts';

/** Per second. For a neighbour without a reply, the kernel asks once a second while packets for it come. */
const notable = 0.4;

/** A host that asks for its neighbours of IPv6 and drops what they reply. Only known where the rules were read. */
export function refusedNeighbours(readings: Readings): Found<'neighbours-refused'>[] {
  const dropping = readings
    .all(firewallDropsNeighboursInfo)
    .map(({ labels: { tool = '', chain = '' } }) => ({ tool, chain }));
  const asked = { message: 'solicitation_sent' };
  const sentPackets = readings.rise(firewallNeighbourMessagesTotal, asked);
  const received = readings.rise(firewallNeighbourMessagesTotal, { message: 'advertisement_received' });
  if (dropping.length === 0 || sentPackets === undefined || received !== 0) return [];
  if ((readings.perSecond(firewallNeighbourMessagesTotal, asked) ?? 0) < notable) return [];
  return [
    {
      id: 'neighbours-refused',
      severity: 'critical',
      subject: namespaceOf(readings),
      numbers: { sentPackets },
      details: { dropping },
    },
  ];
}
