import type { Flow } from '../../identity/flow.ts';
import { columns, noColumn } from '../forecast/arrival-columns.ts';
import type { ClassTally } from './class-tally.ts';
import { hashAddress, hashKey, keyWords, writeKey } from './destination-key.ts';
import { addHash, registers } from './distinct.ts';

/** A row of 32-bit cells for each destination: its key, these counts, and the columns of arrival-columns.ts. */
export const cell = {
  entries: keyWords,
  unreplied: keyWords + 1,
  /** Unreplied flows in one of `oneSidedStates`, and those states as bits. */
  oneSided: keyWords + 2,
  oneSidedStates: keyWords + 3,
  /** TCP flows in SYN_RECV: answered, and not confirmed by their client. */
  unconfirmed: keyWords + 4,
  /** Flows of this destination that were met before the row was made, at most. */
  missedAtMost: keyWords + 5,
  arrivals: keyWords + 6,
} as const;

const rowCells = cell.arrivals + columns;

/**
 * Counts flows by destination in memory that does not grow. When all rows are taken, the lesser half of them is given
 * up: the median count is added to what a later row may have missed, and rows that do not reach that sum go. This is
 * the algorithm of Misra and Gries (1982) with many decrements at a time, so after n flows no destination has lost more
 * than 2n / capacity of its flows, and each row knows its own bound.
 */
export interface DestinationTable {
  add(flow: Flow, tally: ClassTally, arrivalColumn: number): void;
  /** Number of rows in use. */
  rows(): number;
  row(index: number): Uint32Array;
  sources(index: number): Uint8Array;
  /** Flows that a destination may have had and have no row now. */
  missedAtMost(): number;
}

/** @param seed anything that who sends the packets cannot guess, so that he cannot choose addresses that collide. */
export function createDestinationTable(capacity: number, seed: number): DestinationTable {
  const cells = new Uint32Array(capacity * rowCells);
  const sketches = new Uint8Array(capacity * registers);
  // Row number plus 1 by hash, 0 where free: open addressing, at most half full.
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity)));
  const mask = slots.length - 1;
  const key = new Uint32Array(keyWords);
  let rows = 0;
  let given = 0;

  function add(flow: Flow, tally: ClassTally, arrivalColumn: number): void {
    writeKey(key, flow);
    const row = findRow();
    const start = row * rowCells;
    bump(start + cell.entries);
    if (arrivalColumn !== noColumn) bump(start + cell.arrivals + arrivalColumn);
    if (!tally.replied) bump(start + cell.unreplied);
    if (tally.oneSidedBit !== 0) {
      bump(start + cell.oneSided);
      cells[start + cell.oneSidedStates] = (cells[start + cell.oneSidedStates] ?? 0) | tally.oneSidedBit;
    }
    if (tally.isUnconfirmed) bump(start + cell.unconfirmed);
    if (!tally.replied || tally.isUnconfirmed) addHash(sketches, row * registers, hashAddress(flow.source, seed));
  }

  function bump(index: number): void {
    cells[index] = (cells[index] ?? 0) + 1;
  }

  function findRow(): number {
    for (let slot = hashKey(key, seed) & mask; ; slot = (slot + 1) & mask) {
      const row = (slots[slot] ?? 0) - 1;
      if (row < 0) return beginRow(slot);
      if (holdsKey(row * rowCells)) return row;
    }
  }

  function holdsKey(start: number): boolean {
    for (let i = 0; i < keyWords; i++) if (cells[start + i] !== key[i]) return false;
    return true;
  }

  function beginRow(slot: number): number {
    if (rows === capacity) {
      giveUpLesserHalf();
      return findRow();
    }
    const start = rows * rowCells;
    cells.fill(0, start, start + rowCells);
    cells.set(key, start);
    cells[start + cell.missedAtMost] = given;
    sketches.fill(0, rows * registers, (rows + 1) * registers);
    slots[slot] = ++rows;
    return rows - 1;
  }

  function giveUpLesserHalf(): void {
    const reach = Uint32Array.from({ length: rows }, (_, row) => reachOf(row)).sort();
    given = reach[rows >>> 1] ?? given;
    let kept = 0;
    for (let row = 0; row < rows; row++) if (reachOf(row) > given) moveRow(row, kept++);
    rows = kept;
    indexRows();
  }

  function reachOf(row: number): number {
    const start = row * rowCells;
    return (cells[start + cell.entries] ?? 0) + (cells[start + cell.missedAtMost] ?? 0);
  }

  function moveRow(from: number, to: number): void {
    if (from === to) return;
    cells.copyWithin(to * rowCells, from * rowCells, (from + 1) * rowCells);
    sketches.copyWithin(to * registers, from * registers, (from + 1) * registers);
  }

  function indexRows(): void {
    slots.fill(0);
    for (let row = 0; row < rows; row++) {
      let slot = hashKey(cells.subarray(row * rowCells, row * rowCells + keyWords), seed) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = row + 1;
    }
  }

  return {
    add,
    rows: () => rows,
    row: (index) => cells.subarray(index * rowCells, (index + 1) * rowCells),
    sources: (index) => sketches.subarray(index * registers, (index + 1) * registers),
    missedAtMost: () => given,
  };
}
