import { addHash, registers } from './distinct.ts';
import { hashWords } from './hash.ts';
import { cell, cellsOfRow } from './row-cells.ts';

/**
 * Rows of counts by a key, in memory that does not grow. When all rows are taken, the lesser half of them is given up:
 * the median count is added to what a later row may have missed, and rows that do not reach that sum go. This is the
 * algorithm of Misra and Gries (1982) with many decrements at a time, so after n flows nothing has lost more than
 * 2n / capacity of its flows, and each row has its own bound.
 */
export interface RowTable {
  /** The cells of all rows: their key, then those of row-cells.ts. */
  readonly cells: Uint32Array;
  /**
   * Finds the row of a key, or begins one. The caller counts the flow in it right away.
   *
   * @param hash that of `key` by `hashWords` with the seed of the table.
   * @returns its number.
   */
  find(key: Uint32Array, hash: number): number;
  /** Where the counts of a row start in `cells`. */
  countsAt(row: number): number;
  /** Takes the hash of something into the row's count of distinct ones. */
  addDistinct(row: number, hash: number): void;
  /** Number of rows in use. */
  rows(): number;
  key(row: number): Uint32Array;
  /** One of the counts of a row: see row-cells.ts. */
  count(row: number, of: number): number;
  counts(row: number): Uint32Array;
  sketch(row: number): Uint8Array;
  /** Flows that a key without a row may have had. */
  missedAtMost(): number;
}

/** @param seed a random number: with a known one, a sender could choose addresses that collide. */
export function createRowTable(capacity: number, keyWords: number, seed: number): RowTable {
  const rowCells = keyWords + cellsOfRow;
  const cells = new Uint32Array(capacity * rowCells);
  const sketches = new Uint8Array(capacity * registers);
  // Row number plus 1 by hash, 0 where free: open addressing, at most half full.
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity)));
  const mask = slots.length - 1;
  let rows = 0;
  let given = 0;

  function find(key: Uint32Array, hash: number): number {
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = (slots[slot] ?? 0) - 1;
      if (row < 0) return begin(key, hash, slot);
      if (holds(row * rowCells, key)) return row;
    }
  }

  function holds(start: number, key: Uint32Array): boolean {
    for (let i = 0; i < keyWords; i++) if (cells[start + i] !== key[i]) return false;
    return true;
  }

  function begin(key: Uint32Array, hash: number, slot: number): number {
    if (rows === capacity) {
      giveUpLesserHalf();
      return find(key, hash);
    }
    const start = rows * rowCells;
    cells.fill(0, start, start + rowCells);
    for (let i = 0; i < keyWords; i++) cells[start + i] = key[i] ?? 0;
    cells[start + keyWords + cell.missedAtMost] = given;
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
    const start = countsAt(row);
    return (cells[start + cell.entries] ?? 0) + (cells[start + cell.missedAtMost] ?? 0);
  }

  function countsAt(row: number): number {
    return row * rowCells + keyWords;
  }

  function moveRow(from: number, to: number): void {
    if (from === to) return;
    cells.copyWithin(to * rowCells, from * rowCells, (from + 1) * rowCells);
    sketches.copyWithin(to * registers, from * registers, (from + 1) * registers);
  }

  function indexRows(): void {
    slots.fill(0);
    for (let row = 0; row < rows; row++) {
      let slot = hashWords(keyOf(row), keyWords, seed) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = row + 1;
    }
  }

  function keyOf(row: number): Uint32Array {
    return cells.subarray(row * rowCells, row * rowCells + keyWords);
  }

  return {
    cells,
    find,
    countsAt,
    addDistinct: (row, hash) => addHash(sketches, row * registers, hash),
    rows: () => rows,
    key: keyOf,
    count: (row, of) => cells[countsAt(row) + of] ?? 0,
    counts: (row) => cells.subarray(countsAt(row), (row + 1) * rowCells),
    sketch: (row) => sketches.subarray(row * registers, (row + 1) * registers),
    missedAtMost: () => given,
  };
}
