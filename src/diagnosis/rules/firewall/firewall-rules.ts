import { conntrackInvalidTotal } from '../../../collectors/conntrack-metrics.ts';
import { destinationTranslated } from '../../../collectors/conntrack-table/metrics.ts';
import {
  firewallForwardDropsInvalidInfo,
  firewallInvalidDropPacketsTotal,
} from '../../../collectors/firewall/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { type Destination, listDestinations } from '../../../readings/destinations.ts';
import { covers, hasDnatRule, listNotrackRules, type NotrackRule } from '../../../readings/firewall-rules.ts';
import { known } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { AnyFound, Found } from '../../finding.ts';
import { destinationSubject, namespaceOf } from '../../subjects.ts';

/** What the firewall does to direct server return. Only known where its rules were read. */
export function firewallRules(readings: Readings): AnyFound[] {
  return [...notTracked(readings), ...invalidDropped(readings)];
}

function notTracked(readings: Readings): AnyFound[] {
  const destinations = listDestinations(readings);
  return listNotrackRules(readings).map((rule) => {
    const remaining = destinations.filter((destination) => covers(rule, destination));
    const translated = sum(remaining.map((one) => translatedEntries(readings, one)));
    if (translated > 0 || hasDnatRule(readings, rule)) return breaksNat(readings, rule, translated);
    return isWithoutPackets(rule, remaining)
      ? matchesNothing(readings, rule, remaining)
      : exempts(readings, rule, remaining);
  });
}

function translatedEntries(readings: Readings, { protocol, address, port, zone }: Destination): number {
  return readings.value(destinationTranslated, { protocol, address, port, zone }) ?? 0;
}

/** Flows for it that go on to be tracked, and the rule saw none of them. Without any, it only waits for packets. */
function isWithoutPackets({ packets }: NotrackRule, remaining: readonly Destination[]): boolean {
  return packets === 0 && remaining.length > 0;
}

const subjectOf = (readings: Readings, { protocol, address, port }: NotrackRule) => ({
  ...namespaceOf(readings),
  destination: { protocol, address, port, zone: '' },
});

/** NAT needs tracking: a packet that is not tracked goes on to the address that it was sent to. */
function breaksNat(readings: Readings, rule: NotrackRule, translatedEntries: number): Found<'notrack-breaks-nat'> {
  return {
    id: 'notrack-breaks-nat',
    severity: 'critical',
    subject: subjectOf(readings, rule),
    numbers: { translatedEntries, ...known({ matchedPackets: rule.packets }) },
    details: { chains: rule.chains },
  };
}

function matchesNothing(
  readings: Readings,
  rule: NotrackRule,
  remaining: readonly Destination[],
): Found<'notrack-matches-nothing'> {
  const [largest] = [...remaining].sort((one, other) => other.entries - one.entries);
  return {
    id: 'notrack-matches-nothing',
    severity: 'warning',
    subject: largest ? destinationSubject(largest) : subjectOf(readings, rule),
    numbers: { remainingEntries: sum(remaining.map(({ entries }) => entries)) },
    details: { chains: rule.chains },
  };
}

function exempts(readings: Readings, rule: NotrackRule, remaining: readonly Destination[]): Found<'not-tracked'> {
  return {
    id: 'not-tracked',
    severity: 'info',
    subject: subjectOf(readings, rule),
    numbers: { remainingEntries: sum(remaining.map(({ entries }) => entries)) },
    details: {},
  };
}

/** The kernel counts a packet as INVALID each time that it crosses the machine; dropped, it crosses once. */
const maxOfInvalid = 0.5;

const dropCounter = firewallInvalidDropPacketsTotal;

function invalidDropped(readings: Readings): Found<'invalid-dropped'>[] {
  const droppedPackets = readings.rise(dropCounter) ?? 0;
  const invalidPackets = readings.rise(conntrackInvalidTotal) ?? 0;
  const sufferer = listDestinations(readings).find((one) => isSufferer(one, invalidPackets));
  const chains = chainsThatDropInvalid(readings, invalidPackets);
  if (sufferer === undefined || chains.length === 0) return [];
  const isCounted = isDropCounted(droppedPackets, invalidPackets);
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

function isDropCounted(droppedPackets: number, invalidPackets: number): boolean {
  return droppedPackets > 0 && droppedPackets >= maxOfInvalid * invalidPackets;
}

/** Those whose rules count about as many packets as connection tracking does, or that drop every one for certain. */
export function chainsThatDropInvalid(readings: Readings, invalidPackets: number): string[] {
  const isCounted = isDropCounted(readings.rise(dropCounter) ?? 0, invalidPackets);
  return isCounted ? countingChains(readings) : certainChains(readings);
}

/**
 * Whether its clients go on after their first packet, of which this host sees no reply. Where every later packet is
 * dropped, nothing gets through that shows direct server return: the destination seems unanswered.
 */
export function isSufferer({ protocol, verdict, perSecond }: Destination, invalidPackets: number): boolean {
  if (verdict === 'direct_return') return true;
  return verdict === 'unanswered' && protocol === 'tcp' && perSecond > 0 && invalidPackets >= fewInvalid;
}

/** Too few for any conclusion. */
const fewInvalid = 20;

/** Rules without counters: where a chain drops every INVALID packet. */
function certainChains(readings: Readings): string[] {
  const isRising = (readings.rise(conntrackInvalidTotal) ?? 0) >= fewInvalid;
  return isRising
    ? [...new Set(readings.all(firewallForwardDropsInvalidInfo).map(({ labels }) => labels.chain ?? ''))]
    : [];
}

function countingChains(readings: Readings): string[] {
  return readings
    .all(dropCounter)
    .filter(({ labels }) => (readings.rise(dropCounter, labels) ?? 0) > 0)
    .map(({ labels }) => labels.chain ?? '');
}
