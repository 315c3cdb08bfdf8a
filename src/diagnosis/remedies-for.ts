import { verdictKinds } from '../flows/classification/verdict-kinds.ts';
import type { Readings } from '../readings/readings.ts';
import type { Culprit } from './facts.ts';
import { type AnyFound, culpritsOf } from './finding.ts';
import { findingKinds } from './kinds/index.ts';
import type { FindingKind } from './kinds/kind.ts';
import { offer } from './offer.ts';
import type { Remedy } from './remedy.ts';

/** What to do about a finding on this machine, the best first. */
export function remediesFor(readings: Readings, found: AnyFound): Remedy[] {
  const { remedies, isLoss }: FindingKind = findingKinds[found.id];
  const offers = [
    ...causesOf(found).flatMap((cause) => remediesFor(readings, cause)),
    ...remedies.flatMap((id) => offer(id, readings, found)),
  ];
  const distinct = [...new Map(offers.map((one) => [one.id, one])).values()];
  const rank = ({ effect }: Remedy) => (isLoss ? lossRank[effect] : causeRank[effect]);
  return distinct.sort((one, other) => rank(one) - rank(other));
}

/** While flows are being lost, what gives room at once comes first. Otherwise it comes after what removes the cause. */
const lossRank: Readonly<Record<Remedy['effect'], number>> = { relief: 0, look: 1, cure: 1 };
const causeRank: Readonly<Record<Remedy['effect'], number>> = { look: 0, cure: 0, relief: 1 };

/** A table is full because of the source that scans, or the destination that holds most of it. */
function causesOf(found: AnyFound): AnyFound[] {
  return [...scanOf(found), ...culpritsOf(found).slice(0, 1).flatMap(findingOf)];
}

function scanOf({ details }: AnyFound): AnyFound[] {
  const scanner = 'scanner' in details ? details.scanner : undefined;
  return scanner === undefined ? [] : [{ id: 'conntrack-source-scan', severity: 'info', ...scanner }];
}

function findingOf({ subject, verdict = 'unanswered', numbers }: Culprit): AnyFound[] {
  const { finding: id } = verdictKinds[verdict];
  return id === undefined ? [] : [{ id, severity: 'info', subject, numbers, details: { verdict } }];
}
