import { conntrackInvalidTotal } from '../../collectors/conntrack-metrics.ts';
import { firewallInvalidDropPacketsTotal, firewallNotrackRuleInfo } from '../../collectors/firewall-metrics.ts';
import { sum } from '../../flows/arithmetic.ts';
import { listDestinations } from '../../readings/destinations.ts';
import type { Readings } from '../../readings/readings.ts';
import type { AnyFound, Found } from '../finding.ts';
import { destinationSubject } from '../subjects.ts';

/** What the firewall does to direct server return. Only known where its rules were read. */
export function firewallRules(readings: Readings): AnyFound[] {
  return [...notTracked(readings), ...invalidDropped(readings)];
}

function notTracked(readings: Readings): Found<'not-tracked'>[] {
  return readings.all(firewallNotrackRuleInfo).map(({ labels }) => {
    const { protocol = '', address = '', port = '' } = labels;
    const remaining = listDestinations(readings).filter(
      (one) => one.address === address && ['', one.protocol].includes(protocol) && ['', one.port].includes(port),
    );
    return {
      id: 'not-tracked',
      severity: 'info',
      subject: { destination: { protocol, address, port, zone: '' } },
      numbers: { remainingEntries: sum(remaining.map(({ entries }) => entries)) },
      details: {},
    };
  });
}

/** The kernel counts a packet as INVALID each time that it crosses the machine; dropped, it crosses once. */
const mostOfInvalid = 0.5;

const dropCounter = firewallInvalidDropPacketsTotal;

function invalidDropped(readings: Readings): Found<'invalid-dropped'>[] {
  const droppedPackets = readings.rise(dropCounter) ?? 0;
  const invalidPackets = readings.rise(conntrackInvalidTotal) ?? 0;
  const [sufferer] = listDestinations(readings).filter(({ verdict }) => verdict === 'direct_return');
  if (sufferer === undefined || droppedPackets === 0 || droppedPackets < mostOfInvalid * invalidPackets) return [];
  const chains = readings
    .all(dropCounter)
    .filter(({ labels }) => (readings.rise(dropCounter, labels) ?? 0) > 0)
    .map(({ labels }) => labels.chain ?? '');
  return [
    {
      id: 'invalid-dropped',
      severity: 'critical',
      subject: destinationSubject(sufferer),
      numbers: { droppedPackets, invalidPackets },
      details: { chains },
    },
  ];
}
