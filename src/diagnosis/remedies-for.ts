import { verdictKinds } from '../flows/classification/verdict-kinds.ts';
import { findSilentNeighbour } from '../readings/network/silent-neighbours.ts';
import type { Readings } from '../readings/readings.ts';
import { type AnyFound, culpritsOf } from './finding.ts';
import { findingKinds } from './kinds/index.ts';
import type { FindingKind } from './kinds/kind.ts';
import { offer } from './offer.ts';
import type { Remedy } from './remedy.ts';
import { inOrder } from './remedy-order.ts';
import type { Culprit } from './table-facts.ts';

/** What to do about a finding on this machine, the best first. */
export function remediesFor(readings: Readings, found: AnyFound): Remedy[] {
  const kind: FindingKind = findingKinds[found.id];
  const offers = [
    ...causesOf(readings, found).flatMap((cause) => remediesFor(readings, cause)),
    ...connectionsToItself(found).flatMap((one) => untrack.flatMap((id) => offer(id, readings, one))),
    ...kind.remedies.flatMap((id) => offer(id, readings, found)),
    ...targetOf(found).flatMap((one) => offer('look-at-packets', readings, one)),
  ];
  return inOrder(kind, [...new Map(offers.map((one) => [one.id, one])).values()]);
}

const untrack = ['notrack-iptables', 'notrack-nftables'] as const;

/** No firewall needs to track what a host sends to itself, whether it is answered or not. */
function connectionsToItself(found: AnyFound): AnyFound[] {
  return culpritsOf(found)
    .slice(0, 1)
    .filter(({ subject: { destination } }) => /^(127\.|::1$)/.test(destination?.address ?? ''))
    .map(({ subject, numbers }) => ({
      id: 'conntrack-unanswered-flows',
      severity: 'info',
      subject,
      numbers,
      details: { verdict: 'two_way' },
    }));
}

/** An address that is flooded at all of its ports. */
function targetOf({ details }: AnyFound): AnyFound[] {
  const target = 'target' in details ? details.target : undefined;
  if (target === undefined) return [];
  const { subject, numbers } = target;
  const { unrepliedEntries } = numbers;
  const all = { presentEntries: unrepliedEntries, unrepliedEntries, arrivalsPerSecond: 0 };
  const facts = { numbers: all, details: { verdict: 'unanswered' } } as const;
  return [{ id: 'conntrack-unanswered-flows', severity: 'info', subject, ...facts }];
}

/** A table is full because of the source that scans, or the destination that holds most of it. */
function causesOf(readings: Readings, found: AnyFound): AnyFound[] {
  return [
    ...scanOf(found),
    ...culpritsOf(found)
      .slice(0, 1)
      .flatMap((culprit) => findingOf(readings, culprit)),
  ];
}

function scanOf({ details }: AnyFound): AnyFound[] {
  const scanner = 'scanner' in details ? details.scanner : undefined;
  return scanner === undefined ? [] : [{ id: 'conntrack-source-scan', severity: 'info', ...scanner }];
}

function findingOf(readings: Readings, { subject, verdict = 'unanswered', numbers }: Culprit): AnyFound[] {
  const { address = '', zone = '' } = subject.destination ?? {};
  const silent = verdict === 'unanswered' ? findSilentNeighbour(readings, address, zone) : undefined;
  if (silent !== undefined) {
    const details = { role: 'destination' } as const;
    const lost = { ...subject, interface: silent.interface };
    return [{ id: 'neighbour-silent', severity: 'info', subject: lost, numbers, details }];
  }
  const { finding: id } = verdictKinds[verdict];
  return id === undefined ? [] : [{ id, severity: 'info', subject, numbers, details: { verdict } }];
}
