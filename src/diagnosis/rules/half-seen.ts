import { conntrackInvalidTotal } from '../../collectors/conntrack-metrics.ts';
import {
  type Destination,
  describeDestination,
  listDestinations,
  nameDestination,
  nameWithOwner,
} from '../../readings/destinations.ts';
import { describeOwner } from '../../readings/owner.ts';
import { type Readings, sayRise } from '../../readings/readings.ts';
import { isNotable, readTable } from '../../readings/table.ts';
import type { Finding, Urgency } from '../finding.ts';
import { halfSeenRemedies } from '../remedies/half-seen.ts';
import { mostToBlame } from './table-pressure.ts';

interface Kind {
  readonly id: string;
  readonly runbook: string;
  readonly title: (name: string) => string;
  readonly consequence: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  direct_return: {
    id: 'direct-return',
    runbook: 'ConntrackAsymmetricFlows',
    title: (name) => `Answers of ${name} pass this machine by, and each of its connections leaves an entry here`,
    consequence:
      'However short a connection is, its entry stays for 2 to 3 minutes. When the table is full, everybody on this machine loses flows.',
  },
  syn_flood: {
    id: 'syn-flood',
    runbook: 'ConntrackSynFlood',
    title: (name) => `${name} gets a SYN flood`,
    consequence: 'Each invented connection takes an entry of the table until its timer ends.',
  },
  unanswered: {
    id: 'unanswered',
    runbook: 'ConntrackUnansweredFlows',
    title: (name) => `Nothing comes back from ${name} through this machine`,
    consequence:
      'Either nobody answers and clients wait in vain, or the answers take another way. Each try takes an entry of the table.',
  },
};

/** What is wrong with the flows of single destinations, but for the one that the finding on the table is about. */
export function halfSeenDestinations(readings: Readings): Finding[] {
  const limit = readTable(readings)?.limit ?? 0;
  const told = mostToBlame(readings);
  return listDestinations(readings).flatMap((destination) => {
    const kind = kinds[destination.verdict ?? ''];
    const isTold = told !== undefined && nameDestination(told) === nameDestination(destination);
    return kind === undefined || isTold ? [] : [describe(readings, destination, kind, limit)];
  });
}

function describe(
  readings: Readings,
  destination: Destination,
  { id, runbook, title, consequence }: Kind,
  limit: number,
): Finding {
  const invalid = readings.rise(conntrackInvalidTotal);
  return {
    id,
    subject: nameDestination(destination),
    urgency: urgencyOf(destination, limit),
    title: title(nameWithOwner(destination)),
    evidence: [
      describeDestination(destination, limit),
      ...describeOwner(destination),
      ...(invalid === undefined
        ? []
        : [`INVALID packets, of all destinations: ${sayRise(readings, conntrackInvalidTotal)}`]),
    ],
    consequence,
    remedies: halfSeenRemedies(readings, destination),
    runbook,
  };
}

function urgencyOf(destination: Destination, limit: number): Urgency {
  return isNotable(destination, limit) ? 'warning' : 'info';
}
