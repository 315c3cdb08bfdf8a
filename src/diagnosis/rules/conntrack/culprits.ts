import { type Destination, listDestinations } from '../../../readings/destinations.ts';
import { readTargetAddress, type TargetAddress } from '../../../readings/holders.ts';
import { known } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import { blamedEntries, isNotable, readTable, severityOf, type Table } from '../../../readings/table.ts';
import { destinationSubject } from '../../subjects.ts';
import type { Culprit } from '../../table-facts.ts';

const maxCulprits = 3;
/** Beside one that holds nine tenths, one that holds the last tenth is no cause. */
const shareOfWorst = 0.25;

/** Destinations that hold a good part of a table, or will. */
export function listCulprits(readings: Readings, table: Table): Culprit[] {
  return findCulprits(readings, table).map((destination) => ({
    subject: destinationSubject(destination),
    verdict: destination.verdict,
    numbers: destinationNumbers(destination, table.limit),
  }));
}

/** The destination that the finding on the table is about, where there is such a finding. */
export function mainCulprit(readings: Readings): Destination | undefined {
  const table = readTable(readings);
  return table && severityOf(table) ? findCulprits(readings, table)[0] : undefined;
}

/** An address that is flooded at so many ports that none of them stands out, and that holds half of the table. */
export function findFlooded(readings: Readings, { entries }: Table): TargetAddress | undefined {
  const target = readTargetAddress(readings);
  return target && target.unreplied >= entries / 2 ? target : undefined;
}

function findCulprits(readings: Readings, table: Table): Destination[] {
  const { limit } = table;
  // Another destination is then no cause, though it is the largest.
  const leastOfAll = (findFlooded(readings, table)?.unreplied ?? 0) * shareOfWorst;
  const notable = listDestinations(readings)
    .filter((destination) => isNotable(destination, limit))
    .sort((one, other) => blamedEntries(other) - blamedEntries(one));
  const [worst] = notable;
  const least = Math.max(leastOfAll, worst === undefined ? 0 : blamedEntries(worst) * shareOfWorst);
  return notable.filter((one) => blamedEntries(one) >= least).slice(0, maxCulprits);
}

export function destinationNumbers({ entries, unreplied, perSecond }: Destination, limit: number) {
  return {
    presentEntries: entries,
    unrepliedEntries: unreplied,
    arrivalsPerSecond: perSecond,
    ...known({ limitEntries: limit > 0 ? limit : undefined }),
  };
}
