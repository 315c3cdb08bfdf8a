import { columns, noColumn } from '../forecast/arrival-columns.ts';

/** The flows read of one zone. */
export interface ZoneTally {
  readonly zone: number;
  readonly counted: number;
  readonly unreplied: number;
  /** See arrival-columns.ts. */
  readonly arrivals: Uint32Array;
}

/** Counts flows by zone. There are 65,536 at most, and each that has flows takes 100 bytes, so none is left out. */
export interface ZoneTable {
  add(zone: number, replied: boolean, arrivalColumn: number): void;
  /** The zones with flows, that with the most first. */
  list(): ZoneTally[];
}

const unrepliedCell = 1;
const arrivalCells = 2;

export function createZoneTable(): ZoneTable {
  const rows = new Map<number, Uint32Array>();

  function begin(zone: number): Uint32Array {
    const row = new Uint32Array(arrivalCells + columns);
    rows.set(zone, row);
    return row;
  }

  return {
    add(zone, replied, column) {
      const row = rows.get(zone) ?? begin(zone);
      row[0] = (row[0] ?? 0) + 1;
      if (!replied) row[unrepliedCell] = (row[unrepliedCell] ?? 0) + 1;
      if (column !== noColumn) row[arrivalCells + column] = (row[arrivalCells + column] ?? 0) + 1;
    },
    list: () =>
      [...rows]
        .map(([zone, row]) => tallyOf(zone, row))
        .sort((one, other) => other.counted - one.counted || one.zone - other.zone),
  };
}

function tallyOf(zone: number, row: Uint32Array): ZoneTally {
  const [counted = 0, unreplied = 0] = row;
  return { zone, counted, unreplied, arrivals: row.slice(arrivalCells) };
}
