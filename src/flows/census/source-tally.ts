import { protocolName } from '../../identity/protocol.ts';
import { columns } from '../forecast/arrival-columns.ts';
import { type DestinationTally, type HolderTally, type OpeningSeconds, tallyCounts } from './destination-tally.ts';
import { estimateDistinct } from './distinct.ts';
import { rankInTurns } from './ranking.ts';
import { cell } from './row-cells.ts';
import type { RowTable } from './row-table.ts';
import { readNetwork, readSource, type ZonedSource } from './source-key.ts';

/** What was counted of one source, in flows read. */
export interface SourceTally extends ZonedSource, HolderTally {
  /** Distinct destinations, each an address and port, with a standard error of 13 %. */
  readonly destinations: number;
  /** Where at least half of the flows go to; undefined where there is no such port. */
  readonly port: PortOfMost | undefined;
  /** Where at least half of the flows come from. */
  readonly ownPort: PortOfMost | undefined;
  /** Unreplied TCP flows that went on: their first packet never passed here, or its answer did not. */
  readonly oneWay: number;
}

/** An address that unreplied flows go to, and how many of those read. */
export interface FloodedTally extends ZonedSource {
  readonly counted: number;
}

/** A port that most flows of something go to: `tcp` 445. */
export interface PortOfMost {
  readonly protocol: string;
  readonly port: number;
}

/** The sources with the most flows and those with the most new flows, in turns. */
export function largestSources(table: RowTable, most: number, horizonSeconds: number): SourceTally[] {
  return largestOf(table, most, readSource, horizonSeconds);
}

function largestOf(
  table: RowTable,
  most: number,
  read: (key: Uint32Array) => ZonedSource,
  horizonSeconds: number,
): SourceTally[] {
  const rows = Array.from({ length: table.rows() }, (_, row) => row);
  const entries = (row: number) => table.count(row, cell.entries);
  const recent = (row: number) => arrivalsOf(table.counts(row));
  return rankInTurns(rows, most, [entries, recent]).map((row) => tallyOf(table, row, read, horizonSeconds));
}

/** The network with the most flows, where it has twice as many as any one source: they come from many of its addresses. */
export function scatteredNetwork(
  table: RowTable,
  sources: readonly SourceTally[],
  horizonSeconds: number,
): SourceTally | undefined {
  const [network] = largestOf(table, 1, readNetwork, horizonSeconds);
  const most = Math.max(0, ...sources.map(({ counted }) => counted));
  return network !== undefined && network.counted >= 2 * most ? network : undefined;
}

/** The address with the most unreplied flows, where they are twice as many as those of any one of its ports. */
export function scatteredTarget(table: RowTable, destinations: readonly DestinationTally[]): FloodedTally | undefined {
  const rows = Array.from({ length: table.rows() }, (_, row) => row);
  const [row] = rankInTurns(rows, 1, [(one) => table.count(one, cell.entries)]);
  if (row === undefined) return undefined;
  const target = { ...readSource(table.key(row)), counted: table.count(row, cell.entries) };
  const ofPorts = destinations.filter(({ address, zone }) => address === target.address && zone === target.zone);
  return target.counted >= 2 * Math.max(0, ...ofPorts.map(({ unreplied }) => unreplied)) ? target : undefined;
}

function tallyOf(
  table: RowTable,
  row: number,
  read: (key: Uint32Array) => ZonedSource,
  horizonSeconds: number,
): SourceTally {
  return {
    ...read(table.key(row)),
    ...tallyCounts(table.counts(row), horizonSeconds),
    destinations: estimateDistinct(table.sketch(row)),
    port: portOfMost(table.counts(row), cell.peer),
    ownPort: portOfMost(table.counts(row), cell.own),
    oneWay: table.count(row, cell.oneWay),
  };
}

function arrivalsOf(counts: Uint32Array): number {
  let flows = 0;
  for (let column = 0; column < columns; column++) flows += counts[cell.arrivals + column] ?? 0;
  return flows;
}

/** @param at the cell of the port with the most votes, before that of its votes. */
function portOfMost(counts: Uint32Array, at: number): PortOfMost | undefined {
  const [entries = 0, port = 0, votes = 0] = [counts[cell.entries], counts[at], counts[at + 1]];
  return entries > 0 && votes >= entries / 2 ? { protocol: protocolName(port >>> 16), port: port & 0xffff } : undefined;
}

/** How far back the flows of all protocols together show how many came. */
export function minOpeningSeconds(openingSeconds: OpeningSeconds): number {
  return Math.min(openingSeconds(tcp), openingSeconds(udp));
}

const tcp = 6;
const udp = 17;
