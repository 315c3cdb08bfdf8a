import { oneSidedStates, openingState } from '../classification/flow-class.ts';
import { type Timeouts, timeoutSeconds } from '../timeouts.ts';
import { type Destination, readKey, readProtocol } from './destination-key.ts';
import { cell, type DestinationTable } from './destination-table.ts';
import { estimateDistinct } from './distinct.ts';

/** What was counted of one destination, in flows read: the census says how many entries each stands for. */
export interface DestinationTally extends Destination {
  readonly counted: number;
  /** Flows met before this destination was counted: it has at most this many more. 0 unless there are very many. */
  readonly missedAtMost: number;
  readonly unreplied: number;
  /** Unreplied TCP flows that went on without an answer being seen, and the states they are in. */
  readonly oneSided: number;
  readonly oneSidedStates: readonly string[];
  /** TCP flows in SYN_RECV: answered, and not confirmed by their client. */
  readonly unconfirmed: number;
  /** Distinct sources of the unreplied and unconfirmed flows, with a standard error of 13 %. */
  readonly sources: number;
  /** See arrival-columns.ts. */
  readonly arrivals: Uint32Array;
  /** Flows that came longer ago than this may be gone. */
  readonly horizonSeconds: number;
}

/** The destinations with the most unreplied flows, and of equals those with the most flows, the largest first. */
export function tellLargest(table: DestinationTable, largest: number, timeouts: Timeouts): DestinationTally[] {
  const rows = Array.from({ length: table.rows() }, (_, index) => ({
    index,
    entries: table.row(index)[cell.entries] ?? 0,
    unreplied: table.row(index)[cell.unreplied] ?? 0,
  }));
  rows.sort((a, b) => b.unreplied - a.unreplied || b.entries - a.entries);
  return rows
    .slice(0, Math.max(0, largest))
    .map(({ index }) => tellRow(table.row(index), table.sources(index), timeouts));
}

function tellRow(row: Uint32Array, sources: Uint8Array, timeouts: Timeouts): DestinationTally {
  const states = row[cell.oneSidedStates] ?? 0;
  return {
    ...readKey(row),
    counted: row[cell.entries] ?? 0,
    missedAtMost: row[cell.missedAtMost] ?? 0,
    unreplied: row[cell.unreplied] ?? 0,
    oneSided: row[cell.oneSided] ?? 0,
    oneSidedStates: oneSidedStates.filter((_, bit) => (states & (1 << bit)) !== 0),
    unconfirmed: row[cell.unconfirmed] ?? 0,
    sources: estimateDistinct(sources),
    arrivals: row.slice(cell.arrivals),
    horizonSeconds: openingTimeout(readProtocol(row), timeouts),
  };
}

function openingTimeout(protocol: number, timeouts: Timeouts): number {
  const opening = { protocol, state: openingState(protocol), replied: false, assured: false };
  return timeoutSeconds(timeouts, opening) ?? Number.POSITIVE_INFINITY;
}
