/** A table of the live view. */
export interface TopTable {
  readonly title: string;
  readonly columns: readonly ScreenColumn[];
  readonly rows: readonly Row[];
  /** Shown in place of rows. */
  readonly empty: string;
}

export interface ScreenColumn {
  readonly title: string;
  readonly isNumber: boolean;
}

/** One cell for each column. */
export type Row = readonly Cell[];

export interface Cell {
  readonly text: string;
  /** What it is sorted by. */
  readonly value: number | string;
}

export interface ColumnOf<T> extends ScreenColumn {
  readonly cell: (one: T) => Cell;
}

export function textColumn<T>(title: string, read: (one: T) => string): ColumnOf<T> {
  const cell = (one: T) => ({ text: read(one), value: read(one) });
  return { title, isNumber: false, cell };
}

/** What is not known sorts last. */
export function numberColumn<T>(
  title: string,
  read: (one: T) => number | undefined,
  format: (value: number) => string,
): ColumnOf<T> {
  const cell = (one: T) => {
    const value = read(one);
    return value === undefined ? { text: '-', value: Number.NEGATIVE_INFINITY } : { text: format(value), value };
  };
  return { title, isNumber: true, cell };
}

export function createTable<T>(
  title: string,
  empty: string,
  all: readonly T[],
  columns: readonly ColumnOf<T>[],
): TopTable {
  return { title, empty, columns, rows: all.map((one) => columns.map(({ cell }) => cell(one))) };
}

/** The rows that have a text in any column, whatever its case. */
export function filterRows(rows: readonly Row[], wanted: string): readonly Row[] {
  const lower = wanted.toLowerCase();
  return wanted === '' ? rows : rows.filter((row) => row.some((cell) => cell.text.toLowerCase().includes(lower)));
}

/** Numbers with the largest first, texts from A to Z; the other way round if `isReversed`. */
export function sortRows({ columns, rows }: TopTable, column: number, isReversed: boolean): Row[] {
  const isNumber = columns[column]?.isNumber ?? false;
  const direction = isNumber === isReversed ? 1 : -1;
  return [...rows].sort((one, other) => direction * compare(one[column], other[column]));
}

function compare(one: Cell | undefined, other: Cell | undefined): number {
  if (typeof one?.value === 'number' && typeof other?.value === 'number') {
    return one.value === other.value ? 0 : one.value - other.value;
  }
  return String(one?.value).localeCompare(String(other?.value), 'en', { numeric: true });
}
