import { conntrackDropTotal, conntrackEarlyDropTotal } from '../../../collectors/conntrack-metrics.ts';
import { tableEntries } from '../../../collectors/conntrack-table/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { thresholds } from '../../../identity/thresholds.ts';
import { listStates } from '../../../readings/holders.ts';
import { known } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import { isTableFull, readTable, severityOf, type Table } from '../../../readings/table.ts';
import type { AnyFound } from '../../finding.ts';
import { namespaceOf } from '../../subjects.ts';
import type { FloodedAddress } from '../../table-facts.ts';
import { findFlooded, listCulprits } from './culprits.ts';
import { findDominantState } from './dominant-state.ts';
import { findOpener, findScanner } from './holders.ts';

/** The table is full or will be, and what fills it. */
export function tablePressure(readings: Readings): AnyFound[] {
  const table = readTable(readings);
  const severity = table && severityOf(table);
  if (table === undefined || severity === undefined) return [];
  const dominant = findDominantState(readings);
  const scanner = findScanner(readings, table);
  const culprits = listCulprits(readings, table);
  const opener = findOpener(readings, table);
  const target = findTarget(readings, table);
  return [
    {
      id: idOf(table),
      severity,
      subject: namespaceOf(readings),
      numbers: numbersOf(readings, table),
      details: {
        culprits,
        ...(dominant && { dominant }),
        ...(scanner && { scanner }),
        ...(target && { target }),
        ...(opener && { opener }),
      },
    },
  ];
}

/** What is flooded at all of its ports, where no single one of them stands out. */
function findTarget(readings: Readings, table: Table): FloodedAddress | undefined {
  const found = findFlooded(readings, table);
  if (found === undefined) return undefined;
  const { address, zone, unreplied } = found;
  const [{ protocol = '' } = {}] = listStates(readings);
  const subject = { ...namespaceOf(readings), destination: { protocol, address, port: '', zone } };
  return { subject, numbers: { unrepliedEntries: unreplied } };
}

function idOf(table: Table) {
  const { entries, limit, fullInSeconds = Number.POSITIVE_INFINITY, evicted, dropped } = table;
  if (isTableFull(table) && dropped > 0) return 'conntrack-table-dropping';
  if (isTableFull(table) && evicted > 0) return 'conntrack-table-evicting';
  const isNearlyFull = entries >= thresholds.conntrackUsed.warning * limit;
  const isSoon = fullInSeconds <= thresholds.conntrackFullIn.critical;
  if (isTableFull(table) || (isNearlyFull && !isSoon)) return 'conntrack-table-nearly-full';
  return Number.isFinite(fullInSeconds) ? 'conntrack-table-full-soon' : 'conntrack-equilibrium-high';
}

function numbersOf(readings: Readings, { entries, limit, equilibrium, fullInSeconds, evicted, dropped }: Table) {
  return {
    presentEntries: entries,
    limitEntries: limit,
    usedRatio: entries / limit,
    evictedFlows: evicted,
    droppedPackets: dropped,
    ...known({
      settlesEntries: equilibrium,
      fullInSeconds: Number.isFinite(fullInSeconds) ? fullInSeconds : undefined,
      evictedPerSecond: readings.perSecond(conntrackEarlyDropTotal),
      droppedPerSecond: readings.perSecond(conntrackDropTotal),
      unrepliedEntries: countUnreplied(readings),
    }),
  };
}

/** Undefined where the table itself was not read. */
function countUnreplied(readings: Readings): number | undefined {
  if (readings.all(tableEntries).length === 0) return undefined;
  return sum(readings.all(tableEntries, { replied: 'no' }).map(({ value }) => value));
}
