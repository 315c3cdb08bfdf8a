import { conntrackInvalidTotal } from '../../../collectors/conntrack-metrics.ts';
import { type Verdict, verdictKinds } from '../../../flows/classification/verdict-kinds.ts';
import { type Destination, listDestinations, nameDestination } from '../../../readings/destinations.ts';
import { known } from '../../../readings/known.ts';
import { findSilentNeighbour } from '../../../readings/network/silent-neighbours.ts';
import type { Readings } from '../../../readings/readings.ts';
import { isNotable, readTable } from '../../../readings/table.ts';
import type { AnyFound } from '../../finding.ts';
import { destinationSubject } from '../../subjects.ts';
import { isUnanswered } from '../network/silent-neighbours.ts';
import { destinationNumbers, mainCulprit } from './culprits.ts';

/** What the verdicts on single destinations amount to, but for the one that the finding on the table is about. */
export function judgedDestinations(readings: Readings): AnyFound[] {
  const limit = readTable(readings)?.limit ?? 0;
  const blamed = mainCulprit(readings);
  return listDestinations(readings).flatMap((destination) => {
    const { verdict } = destination;
    const isBlamed = blamed !== undefined && nameDestination(blamed) === nameDestination(destination);
    const isLost = isUnanswered(destination) && findSilentNeighbour(readings, destination.address, destination.zone);
    return verdict === undefined || isBlamed || isLost
      ? []
      : describeDestination(readings, destination, verdict, limit);
  });
}

function describeDestination(
  readings: Readings,
  destination: Destination,
  verdict: Verdict,
  limit: number,
): AnyFound[] {
  const { finding: id } = verdictKinds[verdict];
  if (id === undefined) return [];
  const invalid = known({
    invalidPackets: readings.rise(conntrackInvalidTotal),
    invalidPerSecond: readings.perSecond(conntrackInvalidTotal),
  });
  return [
    {
      id,
      severity: isNotable(destination, limit) ? 'warning' : 'info',
      subject: destinationSubject(destination),
      numbers: { ...destinationNumbers(destination, limit), ...invalid },
      details: { verdict },
    },
  ];
}
