import { type Flow, isTranslated } from '../../identity/flow.ts';
import type { ClassTally } from './class-tally.ts';
import { destinationWords, writeDestination } from './destination-key.ts';
import { hashWords } from './hash.ts';
import { bump, cell, countFlow, voteOwn, votePeer } from './row-cells.ts';
import { createRowTable, type RowTable } from './row-table.ts';
import { sourceWords, widenToNetwork, writeSource, writeTarget } from './source-key.ts';
import { createZoneTable, type ZoneTable } from './zone-table.ts';

/** Flows by what may hold a large part of the table. */
export interface HolderTables {
  add(flow: Flow, tally: ClassTally, arrivalColumn: number): void;
  /** Distinct ones: sources of unreplied and unconfirmed flows. */
  readonly destinations: RowTable;
  /** Distinct ones: destinations of all flows. */
  readonly sources: RowTable;
  /** Networks of sources, a /64 each, of IPv6. Distinct ones as for sources. */
  readonly networks: RowTable;
  /** Addresses that unreplied flows go to, whatever the port. */
  readonly targets: RowTable;
  /** Flows read that `sources` and `networks` count. */
  sourceFlows(): number;
  readonly zones: ZoneTable;
}

export interface HolderLimits {
  /** Rows, of 270 bytes, for destinations and for sources. */
  readonly destinations: number;
  readonly sources: number;
  readonly networks: number;
  readonly targets: number;
  /**
   * Sources are counted of so many flows. The kernel's order is random, so the first flows are a sample of all; and the
   * sources that matter hold 1 % of them or more.
   */
  readonly sourceFlows: number;
}

export function createHolderTables(limits: HolderLimits, seed: number): HolderTables {
  const destinations = createRowTable(limits.destinations, destinationWords, seed);
  const sources = createRowTable(limits.sources, sourceWords, seed);
  const networks = createRowTable(limits.networks, sourceWords, seed);
  const targets = createRowTable(limits.targets, sourceWords, seed);
  const zones = createZoneTable();
  const destinationKey = new Uint32Array(destinationWords);
  const sourceKey = new Uint32Array(sourceWords);
  const targetKey = new Uint32Array(sourceWords);
  let sourceFlows = 0;

  function add(flow: Flow, tally: ClassTally, column: number): void {
    const remaining = flow.remainingSeconds ?? Number.POSITIVE_INFINITY;
    writeDestination(destinationKey, flow);
    const hash = hashWords(destinationKey, destinationWords, seed);
    const row = destinations.find(destinationKey, hash);
    const counts = destinations.countsAt(row);
    countFlow(destinations.cells, counts, tally, column, remaining);
    if (isTranslated(flow)) bump(destinations.cells, counts + cell.translated);
    zones.add(flow.originalZone, tally.replied, column);
    if (!tally.replied) {
      writeTarget(targetKey, flow);
      bump(
        targets.cells,
        targets.countsAt(targets.find(targetKey, hashWords(targetKey, sourceWords, seed))) + cell.entries,
      );
    }
    const isCounted = sourceFlows < limits.sourceFlows;
    const isDoubtful = !tally.replied || tally.isUnconfirmed;
    if (!isCounted && !isDoubtful) return;
    writeSource(sourceKey, flow);
    const sourceHash = hashWords(sourceKey, sourceWords, seed);
    if (isDoubtful) destinations.addDistinct(row, sourceHash);
    if (!isCounted) return;
    sourceFlows++;
    addOrigin(sources, flow, tally, column, sourceHash, hash);
    if (flow.family !== 6) return;
    widenToNetwork(sourceKey);
    addOrigin(networks, flow, tally, column, hashWords(sourceKey, sourceWords, seed), hash);
  }

  /** Of `sourceKey`. */
  function addOrigin(
    table: RowTable,
    { protocol, source, destination, remainingSeconds }: Flow,
    tally: ClassTally,
    column: number,
    hash: number,
    destinationHash: number,
  ): void {
    const row = table.find(sourceKey, hash);
    const counts = table.countsAt(row);
    countFlow(table.cells, counts, tally, column, remainingSeconds ?? Number.POSITIVE_INFINITY);
    votePeer(table.cells, counts, protocol, destination.port);
    voteOwn(table.cells, counts, protocol, source.port);
    table.addDistinct(row, destinationHash);
  }

  return { add, destinations, sources, networks, targets, sourceFlows: () => sourceFlows, zones };
}
