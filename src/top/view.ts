/** What the reader of the live view chose. */
export interface View {
  /** The table that is shown, from 0. */
  readonly table: number;
  /** The column that each table is sorted by; undefined for the order in which rows come. */
  readonly sorted: readonly (number | undefined)[];
  readonly isReversed: boolean;
  readonly filter: string;
  /** Whether keys are added to the filter. */
  readonly isTyping: boolean;
  readonly isPaused: boolean;
  readonly isHelpShown: boolean;
  /** Rows that are above those that are shown. */
  readonly skipped: number;
}

export const firstView: View = {
  table: 0,
  sorted: [],
  isReversed: false,
  filter: '',
  isTyping: false,
  isPaused: false,
  isHelpShown: false,
  skipped: 0,
};

/** What a key needs of the tables: their columns, and the rows that fit on the screen. */
export interface Extent {
  readonly columns: readonly number[];
  readonly rows: number;
}

/** The view after a key; undefined to quit. */
export function press(view: View, key: string, extent: Extent): View | undefined {
  if (key === 'ctrl-c') return undefined;
  if (view.isTyping) return type(view, key);
  if (view.isHelpShown) return key === 'q' ? undefined : { ...view, isHelpShown: false };
  return key === 'q' || key === 'ctrl-d' ? undefined : change(view, key, extent);
}

function type(view: View, key: string): View {
  if (key === 'enter') return { ...view, isTyping: false };
  if (key === 'escape') return { ...view, isTyping: false, filter: '' };
  if (key === 'backspace') return { ...view, filter: [...view.filter].slice(0, -1).join('') };
  const isCharacter = [...key].length === 1;
  return isCharacter ? { ...view, filter: `${view.filter}${key}`, skipped: 0 } : view;
}

const longScroll = Number.MAX_SAFE_INTEGER;

function change(view: View, key: string, extent: Extent): View {
  const { columns, rows } = extent;
  if (/^[1-9]$/.test(key)) return show(view, Number(key) - 1, columns.length);
  switch (key) {
    case 'tab':
    case 'right':
      return show(view, (view.table + 1) % columns.length, columns.length);
    case 'shift-tab':
    case 'left':
      return show(view, (view.table + columns.length - 1) % columns.length, columns.length);
    case 's':
    case '>':
      return sort(view, 1, columns);
    case 'S':
    case '<':
      return sort(view, -1, columns);
    case 'r':
    case 'R':
      return { ...view, isReversed: !view.isReversed, skipped: 0 };
    case '/':
    case 'f':
      return { ...view, isTyping: true };
    case 'escape':
      return { ...view, filter: '', skipped: 0 };
    case 'p':
    case ' ':
      return { ...view, isPaused: !view.isPaused };
    case 'h':
    case '?':
      return { ...view, isHelpShown: true };
    default:
      return scroll(view, scrolls(rows)[key] ?? 0);
  }
}

function scrolls(rows: number): Readonly<Record<string, number>> {
  return { up: -1, k: -1, down: 1, j: 1, 'page-up': -rows, 'page-down': rows, home: -longScroll, end: longScroll };
}

/** The renderer limits it to the rows that there are. */
function scroll(view: View, by: number): View {
  return { ...view, skipped: Math.min(longScroll, Math.max(0, view.skipped + by)) };
}

function show(view: View, table: number, tables: number): View {
  return table < tables ? { ...view, table, skipped: 0, isReversed: false } : view;
}

function sort(view: View, by: number, columns: readonly number[]): View {
  const all = columns[view.table] ?? 1;
  const { [view.table]: now = defaultColumn } = view.sorted;
  const sorted = columns.map((_, index) => (index === view.table ? (now + by + all) % all : view.sorted[index]));
  return { ...view, sorted, isReversed: false, skipped: 0 };
}

/** The first column of numbers in most tables. */
export const defaultColumn = 1;
