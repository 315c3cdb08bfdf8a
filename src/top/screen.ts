import { makeVisible } from '../identity/visible.ts';
import { helpLines } from './help.ts';
import { filterRows, type Row, type ScreenColumn, sortRows, type TopTable } from './table.ts';
import { inColumns, widthOf } from './text-width.ts';
import { defaultColumn, type View } from './view.ts';

/** What is shown. Texts are as they were read: this is the place that makes them fit for a terminal. */
export interface Model {
  /** The first lines: what it is about, and the state of the machine. */
  readonly header: readonly string[];
  readonly tables: readonly TopTable[];
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A line of the screen. */
export interface ScreenLine {
  readonly text: string;
  readonly style: 'plain' | 'title' | 'strong';
}

/** Lines of the screen without the header and the rows: tables, columns and keys. */
const otherLines = 3;

/** Rows of a table that fit below the header. */
export function visibleRows({ header }: Model, { rows }: Size): number {
  return Math.max(1, rows - header.length - otherLines);
}

/** Exactly as many lines as the screen has, each exactly as wide. */
export function renderScreen(model: Model, view: View, size: Size): ScreenLine[] {
  const body = view.isHelpShown ? helpLines.map(plain) : tableLines(model, view, size);
  const lines = [...model.header.map(strongFirst), ...body].slice(0, size.rows - 1);
  const blanks = Array.from({ length: Math.max(0, size.rows - 1 - lines.length) }, () => plain(''));
  return [...lines, ...blanks, footer(view)].map(({ text, style }) => ({
    text: inColumns(makeVisible(text), size.columns),
    style,
  }));
}

function plain(text: string): ScreenLine {
  return { text, style: 'plain' };
}

function strongFirst(text: string, index: number): ScreenLine {
  return { text, style: index === 0 ? 'strong' : 'plain' };
}

function tableLines(model: Model, view: View, size: Size): ScreenLine[] {
  const { tables } = model;
  const table = tables[view.table];
  if (table === undefined) return [];
  const sorted = view.sorted[view.table] ?? defaultColumn;
  const rows = sortRows({ ...table, rows: filterRows(table.rows, view.filter) }, sorted, view.isReversed);
  const room = visibleRows(model, size);
  const shown = rows.slice(Math.min(view.skipped, Math.max(0, rows.length - room))).slice(0, room);
  const widths = columnWidths(table, shown, size.columns);
  const titles = table.columns.map((column, index) => title(column, index === sorted, view.isReversed));
  return [
    plain(tabs(tables, view, rows.length)),
    { text: join(table.columns, titles, widths), style: 'title' },
    ...(rows.length === 0 ? [plain(view.filter === '' ? table.empty : `Nothing matches "${view.filter}"`)] : []),
    ...shown.map((row) =>
      plain(
        join(
          table.columns,
          row.map(({ text }) => makeVisible(text)),
          widths,
        ),
      ),
    ),
  ];
}

function title(column: ScreenColumn, isSorted: boolean, isReversed: boolean): string {
  if (!isSorted) return column.title;
  return `${column.title}${column.isNumber === isReversed ? '^' : 'v'}`;
}

function tabs(tables: readonly TopTable[], view: View, rows: number): string {
  const names = tables.map((table, index) => {
    const name = `${index + 1} ${table.title}`;
    return index === view.table ? `[${name}: ${rows}]` : ` ${name} `;
  });
  return names.join('');
}

/** Each column as wide as its widest text; the first gives way until all fit. */
function columnWidths({ columns }: TopTable, rows: readonly Row[], available: number): number[] {
  const widths = columns.map((column, index) =>
    Math.max(widthOf(column.title) + 1, ...rows.map((row) => widthOf(makeVisible(row[index]?.text ?? '')))),
  );
  const [first = 0, ...others] = widths;
  const taken = others.reduce((sum, width) => sum + width + 1, 0);
  return [Math.max(Math.min(first, minNameWidth), Math.min(first, available - taken)), ...others];
}

const minNameWidth = 22;

function join(columns: readonly ScreenColumn[], texts: readonly string[], widths: readonly number[]): string {
  return columns
    .map(({ isNumber }, index) => inColumns(texts[index] ?? '', widths[index] ?? 0, isNumber ? 'right' : 'left'))
    .join(' ');
}

function footer({ isTyping, filter, isPaused, isHelpShown }: View): ScreenLine {
  if (isTyping) return { text: `Filter: ${filter}_  (Enter keeps it, Esc clears it)`, style: 'title' };
  if (isHelpShown) return { text: 'Any key: back   q: quit', style: 'title' };
  const state = [isPaused ? 'PAUSED' : '', filter === '' ? '' : `filter "${filter}"`].filter(Boolean).join('  ');
  const keys = 'q quit  h help  Tab table  s sort  r reverse  / filter  Space pause';
  return { text: state === '' ? keys : `${state}  ${keys}`, style: 'title' };
}
