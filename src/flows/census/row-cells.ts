import { statesByProtocol } from '../../identity/protocol.ts';
import { columns, noColumn } from '../forecast/arrival-columns.ts';
import type { ClassTally } from './class-tally.ts';

/** States of the protocol with the most: TCP and SCTP have ten. A newer one shares the last cell with its neighbour. */
export const stateCells = Math.max(...[...statesByProtocol.values()].map((states) => states.length));

/** What is counted of a destination or a source: 32-bit cells, the first of which is `entries`. */
export const cell = {
  entries: 0,
  unreplied: 1,
  /** Unreplied flows in one of `oneWayStates`, and those states as bits. */
  oneWay: 2,
  oneWayStates: 3,
  /** Flows whose addresses or ports are translated. */
  translated: 4,
  /** Flows that are idle, see `ClassTally.idleBelowSeconds`, and the most seconds that one of them has left. */
  idle: 5,
  idleSeconds: 6,
  /** Flows that were met before the row was made, at most. */
  missedAtMost: 7,
  /** A protocol and port, and how many more flows went there than elsewhere, at least: the vote of Boyer and Moore. */
  peer: 8,
  peerVotes: 9,
  /** The same for the port that flows come from. */
  own: 10,
  ownVotes: 11,
  /** Flows by the number of their state. */
  states: 12,
  /** See arrival-columns.ts. */
  arrivals: 12 + stateCells,
} as const;

export const cellsOfRow = cell.arrivals + columns;

/** Counts a flow in the row that starts at `start`. */
export function countFlow(
  cells: Uint32Array,
  start: number,
  tally: ClassTally,
  arrivalColumn: number,
  remainingSeconds: number,
): void {
  bump(cells, start + cell.entries);
  bump(cells, start + cell.states + tally.stateNumber);
  if (arrivalColumn !== noColumn) bump(cells, start + cell.arrivals + arrivalColumn);
  if (!tally.replied) bump(cells, start + cell.unreplied);
  if (tally.oneWayBit !== 0) {
    bump(cells, start + cell.oneWay);
    cells[start + cell.oneWayStates] = (cells[start + cell.oneWayStates] ?? 0) | tally.oneWayBit;
  }
  if (remainingSeconds < tally.idleBelowSeconds) countIdle(cells, start, remainingSeconds);
}

function countIdle(cells: Uint32Array, start: number, remainingSeconds: number): void {
  bump(cells, start + cell.idle);
  const most = cells[start + cell.idleSeconds] ?? 0;
  if (remainingSeconds > most) cells[start + cell.idleSeconds] = remainingSeconds;
}

/** Votes for the protocol and port that most flows go to. A port with the most votes of all has at least as many flows. */
export function votePeer(cells: Uint32Array, start: number, protocol: number, port: number): void {
  vote(cells, start + cell.peer, protocol * 0x1_0000 + port);
}

/** The same for the port that they come from. */
export function voteOwn(cells: Uint32Array, start: number, protocol: number, port: number): void {
  vote(cells, start + cell.own, protocol * 0x1_0000 + port);
}

/** @param at the cell of the candidate, before that of its votes. */
function vote(cells: Uint32Array, at: number, candidate: number): void {
  const votes = cells[at + 1] ?? 0;
  if (votes > 0 && cells[at] !== candidate) {
    cells[at + 1] = votes - 1;
    return;
  }
  cells[at] = candidate;
  cells[at + 1] = votes + 1;
}

export function bump(cells: Uint32Array, index: number): void {
  cells[index] = (cells[index] ?? 0) + 1;
}
