import { stateName, statesByProtocol } from '../../identity/protocol.ts';
import { classKey, oneWayStates, openingState } from '../classification/flow-class.ts';
import { type PolicyTimeouts, type Timeouts, timeoutSeconds } from '../timeouts.ts';
import { type FlowTarget, readDestination, readProtocol } from './destination-key.ts';
import { estimateDistinct } from './distinct.ts';
import { rankInTurns } from './ranking.ts';
import { cell, stateCells } from './row-cells.ts';
import type { RowTable } from './row-table.ts';

/** What was counted of one destination or source, in flows read: the census reports how many entries each stands for. */
export interface HolderTally {
  readonly counted: number;
  /** Flows met before it was counted: it has at most this many more. 0 unless there are very many. */
  readonly missedAtMost: number;
  readonly unreplied: number;
  /** Flows whose addresses or ports are translated (NAT). */
  readonly translated: number;
  /** Flows without a packet for half of a long timer or a day, and the most seconds left of those. */
  readonly idle: number;
  readonly idleSeconds: number;
  /** See arrival-columns.ts. */
  readonly arrivals: Uint32Array;
  /** Flows that came longer ago than this may be gone. */
  readonly horizonSeconds: number;
}

export interface DestinationTally extends FlowTarget, HolderTally {
  /** Unreplied TCP flows that went on without an answer being seen, and the states they are in. */
  readonly oneWay: number;
  readonly oneWayStates: readonly string[];
  /** Flows by state, that with the most first. None for a protocol without states. */
  readonly states: readonly StateTally[];
  /** TCP flows in SYN_RECV: answered, and not confirmed by their client. */
  readonly unconfirmed: number;
  /** Distinct sources of the unreplied and unconfirmed flows, with a standard error of 13 %. */
  readonly sources: number;
}

export interface StateTally {
  readonly state: string;
  readonly counted: number;
}

/** The destinations with the most flows and those with the most unreplied flows, in turns. */
export function largestDestinations(table: RowTable, most: number, openingSeconds: OpeningSeconds): DestinationTally[] {
  const rows = Array.from({ length: table.rows() }, (_, row) => row);
  const measures = [cell.entries, cell.unreplied].map((of) => (row: number) => table.count(row, of));
  return rankInTurns(rows, most, measures).map((row) => tallyDestination(table, row, openingSeconds));
}

function tallyDestination(table: RowTable, row: number, openingSeconds: OpeningSeconds): DestinationTally {
  const key = table.key(row);
  const counts = table.counts(row);
  const bits = counts[cell.oneWayStates] ?? 0;
  const states = listStates(readProtocol(key), counts.subarray(cell.states, cell.states + stateCells));
  return {
    ...readDestination(key),
    ...tallyCounts(counts, openingSeconds(readProtocol(key))),
    oneWay: counts[cell.oneWay] ?? 0,
    oneWayStates: oneWayStates.filter((_, bit) => (bits & (1 << bit)) !== 0),
    states,
    unconfirmed: states.find(({ state }) => state === 'SYN_RECV')?.counted ?? 0,
    sources: estimateDistinct(table.sketch(row)),
  };
}

/** @param counts those of a row: see row-cells.ts. */
export function tallyCounts(counts: Uint32Array, horizonSeconds: number): HolderTally {
  return {
    counted: counts[cell.entries] ?? 0,
    missedAtMost: counts[cell.missedAtMost] ?? 0,
    unreplied: counts[cell.unreplied] ?? 0,
    translated: counts[cell.translated] ?? 0,
    idle: counts[cell.idle] ?? 0,
    idleSeconds: counts[cell.idleSeconds] ?? 0,
    arrivals: counts.slice(cell.arrivals),
    horizonSeconds,
  };
}

/** NONE: no flow in the table has it. Counted there are those of a kernel that tracks the protocol by addresses alone. */
const noState = 0;

function listStates(protocol: number, counts: Uint32Array): StateTally[] {
  const names = statesByProtocol.get(protocol);
  if (names === undefined) return [];
  return Array.from(counts, (counted, number) => ({ state: stateName(names, number), counted }))
    .filter(({ counted }, number) => counted > 0 && number !== noState)
    .sort((one, other) => other.counted - one.counted);
}

/** By protocol number, the timeout of a flow that only one packet was seen of; Infinity where it is not known. */
export type OpeningSeconds = (protocol: number) => number;

export function openingTimeout(protocol: number, timeouts: Timeouts, policies: PolicyTimeouts): number {
  const opening = { protocol, state: openingState(protocol), replied: false, assured: false };
  const known = timeoutSeconds(timeouts, opening) ?? Number.POSITIVE_INFINITY;
  return Math.min(known, ...(policies.get(classKey(opening)) ?? []));
}
