import { conntrackDropTotal, conntrackEarlyDropTotal } from '../../collectors/conntrack-metrics.ts';
import { thresholds } from '../../identity/thresholds.ts';
import {
  type Destination,
  describeDestination,
  listDestinations,
  nameDestination,
  verdictPhrases,
} from '../../readings/destinations.ts';
import { count, percent, time } from '../../readings/format.ts';
import { describeOwner, nameOwner } from '../../readings/owner.ts';
import { type Readings, sayRise } from '../../readings/readings.ts';
import { isNotable, isTableFull, readTable, type Table, urgencyOf } from '../../readings/table.ts';
import type { Finding, Remedy } from '../finding.ts';
import { halfSeenRemedies } from '../remedies/half-seen.ts';
import { largerTable } from '../remedies/larger-table.ts';

/** The table is full or will be, and who does it. */
export function tablePressure(readings: Readings): Finding[] {
  const table = readTable(readings);
  const urgency = table && urgencyOf(table);
  if (table === undefined || urgency === undefined) return [];
  const culprits = findCulprits(readings, table);
  const isFull = isTableFull(table);
  return [
    {
      id: isFull ? 'table-full' : 'table-fills',
      subject: readings.netns ?? '',
      urgency,
      title: `${describeState(table)}${blame(culprits)}`,
      evidence: [...describeFigures(readings, table), ...culprits.flatMap((one) => describeCulprit(one, table))],
      consequence: `${isFull ? '' : 'When it is full: '}${consequenceOfFull(table)}`,
      remedies: remediesFor(readings, culprits),
      runbook: runbookOf(table),
    },
  ];
}

function describeState(table: Table): string {
  const { entries, limit, equilibrium = 0, fullInSeconds = Number.POSITIVE_INFINITY } = table;
  const subject = 'The connection tracking table';
  if (isTableFull(table)) return `${subject} is full${describeLoss(table)}`;
  if (Number.isFinite(fullInSeconds)) return `${subject} is full in ${time(fullInSeconds)}`;
  const willBe = entries < thresholds.conntrackUsed.warning * limit;
  return willBe
    ? `${subject} is going to be ${percent(equilibrium / limit)} full`
    : `${subject} is ${percent(entries / limit)} full`;
}

function describeLoss({ evicted, dropped }: Table): string {
  if (dropped > 0) return ' and drops packets';
  return evicted > 0 ? ' and evicts flows, without a drop or a line in the log' : '';
}

/** Destinations that are not answered through this machine and hold a good part of the table, or will. */
function findCulprits(readings: Readings, { limit }: Table): Destination[] {
  return listDestinations(readings)
    .filter((destination) => destination.verdict !== 'two_way' && isNotable(destination, limit))
    .slice(0, mostCulprits);
}

/** The destination that the finding on the table is about, where there is such a finding. */
export function mostToBlame(readings: Readings): Destination | undefined {
  const table = readTable(readings);
  return table && urgencyOf(table) ? findCulprits(readings, table)[0] : undefined;
}

const mostCulprits = 3;

function blame([worst]: readonly Destination[]): string {
  if (worst === undefined) return '';
  const verdict = worst.verdict && verdictPhrases[worst.verdict].split(',')[0];
  const what = [verdict, worst.owner && nameOwner(worst.owner)].filter((one) => one !== undefined).join(', ');
  return `, because of ${nameDestination(worst)}${what === '' ? '' : ` (${what})`}`;
}

function describeCulprit(destination: Destination, { limit }: Table): string[] {
  const { verdict } = destination;
  const told = verdict === undefined ? [] : [`It is ${verdictPhrases[verdict]}`];
  return [describeDestination(destination, limit), ...describeOwner(destination), ...told];
}

function describeFigures(readings: Readings, table: Table): string[] {
  const { entries, limit, equilibrium, evicted, dropped } = table;
  const settles = equilibrium === undefined ? '' : `; at the present rates it settles at ${count(equilibrium)}`;
  return [
    `${count(entries)} of ${count(limit)} entries (${percent(entries / limit)})${settles}`,
    ...(evicted > 0 || dropped > 0 ? [describeLosses(readings)] : []),
  ];
}

function describeLosses(readings: Readings): string {
  const [evicted, dropped] = [conntrackEarlyDropTotal, conntrackDropTotal].map((one) => sayRise(readings, one));
  return `Flows evicted: ${evicted}; packets dropped: ${dropped}`;
}

function consequenceOfFull({ dropped }: Table): string {
  return dropped > 0
    ? 'New flows of everybody on this machine fail.'
    : 'The kernel evicts flows of everybody that were not answered yet: handshakes and DNS requests fail now and then, and neither a drop nor the log tells.';
}

function remediesFor(readings: Readings, [worst]: readonly Destination[]): Remedy[] {
  if (worst !== undefined) return halfSeenRemedies(readings, worst);
  const larger = largerTable(readings);
  return larger ? [larger] : [];
}

function runbookOf(table: Table): string {
  const { entries, limit, fullInSeconds = Number.POSITIVE_INFINITY, evicted, dropped } = table;
  if (isTableFull(table) && dropped > 0) return 'ConntrackTableDropping';
  if (isTableFull(table) && evicted > 0) return 'ConntrackTableEvicting';
  if (entries >= thresholds.conntrackUsed.warning * limit) return 'ConntrackTableNearlyFull';
  return Number.isFinite(fullInSeconds) ? 'ConntrackTableFullSoon' : 'ConntrackEquilibriumHigh';
}
