import { count } from '../../readings/format.ts';
import { formatClock } from '../markup/moment.ts';
import type { HistoryColumns } from '../model/history.ts';

/** A line of a chart. */
export interface ChartLine {
  /** Its values in the history. */
  readonly column: Exclude<keyof HistoryColumns, 'atSeconds'>;
  /** How it looks. */
  readonly kind: string;
}

/** The lines that the legend of a section names. */
export function linesOf(section: Element): ChartLine[] {
  const entries = section.querySelectorAll<HTMLElement>('.legend > [data-column]');
  return [...entries].map(({ dataset }) => ({
    column: dataset.column as ChartLine['column'],
    kind: dataset.kind ?? 'used',
  }));
}

/** Shows the values of one moment in a section, and which moment it is. */
export function showReadings(section: Element, history: HistoryColumns, index: number): void {
  const atSeconds = history.atSeconds[index];
  if (typeof atSeconds !== 'number') return;
  for (const { column } of linesOf(section)) {
    const value = history[column][index];
    write(section, `[data-column="${column}"] .reading`, typeof value === 'number' ? count(value) : '–');
  }
  write(section, '.moment', formatClock(atSeconds));
}

function write(section: Element, selector: string, text: string): void {
  const place = section.querySelector(selector);
  if (place) place.textContent = text;
}
