import { conntrackInvalidTotal } from '../../collectors/conntrack-metrics.ts';
import {
  firewallForwardDropsInvalidInfo,
  firewallInvalidDropPacketsTotal,
  firewallNotrackRuleInfo,
} from '../../collectors/firewall-metrics.ts';
import { sum } from '../../flows/arithmetic.ts';
import { type Destination, listDestinations } from '../../readings/destinations.ts';
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
  const sufferer = listDestinations(readings).find((one) => isSufferer(one, invalidPackets));
  if (sufferer === undefined) return [];
  const isCounted = droppedPackets > 0 && droppedPackets >= mostOfInvalid * invalidPackets;
  const chains = isCounted ? countingChains(readings) : certainChains(readings);
  if (chains.length === 0) return [];
  return [
    {
      id: 'invalid-dropped',
      severity: 'critical',
      subject: destinationSubject(sufferer),
      numbers: { invalidPackets, ...(isCounted && { droppedPackets }) },
      details: { chains },
    },
  ];
}

/**
 * Whether its clients go on after their first packet, of which this host sees no reply. Where every later packet is
 * dropped, nothing gets through that shows direct server return: the destination seems unanswered.
 */
function isSufferer({ protocol, verdict, perSecond }: Destination, invalidPackets: number): boolean {
  if (verdict === 'direct_return') return true;
  return verdict === 'unanswered' && protocol === 'tcp' && perSecond > 0 && invalidPackets >= fewInvalid;
}

/** Too few to say anything. */
const fewInvalid = 20;

/** Rules without counters: where a chain drops every INVALID packet. */
function certainChains(readings: Readings): string[] {
  const isRising = (readings.rise(conntrackInvalidTotal) ?? 0) >= fewInvalid;
  return isRising ? readings.all(firewallForwardDropsInvalidInfo).map(({ labels }) => labels.chain ?? '') : [];
}

function countingChains(readings: Readings): string[] {
  return readings
    .all(dropCounter)
    .filter(({ labels }) => (readings.rise(dropCounter, labels) ?? 0) > 0)
    .map(({ labels }) => labels.chain ?? '');
}
