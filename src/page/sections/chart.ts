import { count, time } from '../../readings/format.ts';
import { type Html, html } from '../markup/html.ts';
import { clockTime, formatClock } from '../markup/moment.ts';
import { tableMarkup } from '../markup/table.ts';
import type { HistoryPoint, PageHistory } from '../model/history.ts';

/** A line of a chart. Its name is the CSS class that draws it, its values are in that column of the history. */
interface Line {
  readonly title: string;
  readonly kind: 'used' | 'settles' | 'limit';
  readonly column: Exclude<keyof HistoryPoint, 'atSeconds'>;
}

interface Chart {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly [Line, ...Line[]];
}

const charts: readonly Chart[] = [
  {
    id: 'upstream-chart',
    title: 'Entries needed upstream',
    lines: [
      { title: 'Needed', kind: 'used', column: 'upstream' },
      { title: 'Limit', kind: 'limit', column: 'upstreamLimit' },
    ],
  },
  {
    id: 'table-chart',
    title: 'Connection tracking table',
    lines: [
      { title: 'In use', kind: 'used', column: 'entries' },
      { title: 'Settles at', kind: 'settles', column: 'equilibrium' },
      { title: 'Limit', kind: 'limit', column: 'limit' },
    ],
  },
];

/**
 * The charts of what there is a history of. The drawing needs a script, which finds the columns in the attributes of
 * the legend and writes the values of a moment there; the latest values, and the figures as a table, need none.
 */
export function chartSections(history: PageHistory): Html[] {
  return charts.flatMap((chart) => {
    const lines = chart.lines.filter(({ column }) => history.some((one) => one[column] !== undefined));
    const [first, ...others] = lines;
    return first ? [chartSection({ ...chart, lines: [first, ...others] }, history)] : [];
  });
}

function chartSection({ id, title, lines }: Chart, history: PageHistory): Html {
  const last = history.at(-1);
  return html`<section id="${id}" class="chart" aria-labelledby="${id}-title">
<header><h2 id="${id}-title">${title}</h2> <span class="moment note">${last && formatClock(last.atSeconds)}</span></header>
<figure>
<figcaption id="${id}-summary">${summarise(lines[0], history)}</figcaption>
<ul class="legend" aria-label="Lines of the chart">${lines.map((line) => legendEntry(line, last))}</ul>
<div class="plot" aria-hidden="true"></div>
</figure>
<details><summary>The figures</summary>${figuresTable(lines, history)}</details>
</section>`;
}

function legendEntry({ title, kind, column }: Line, last: HistoryPoint | undefined): Html {
  return html`<li data-column="${column}" data-kind="${kind}"><svg class="line ${kind}" viewBox="0 0 24 8" aria-hidden="true"><line x1="0" x2="24" y1="4" y2="4" /></svg>${title} <b class="reading">${formatEntries(last?.[column]) ?? '–'}</b></li>`;
}

function formatEntries(value: number | undefined): string | undefined {
  return value === undefined ? undefined : count(Math.round(value));
}

function summarise({ title, column }: Line, history: PageHistory): string {
  const known = history.flatMap(({ atSeconds, [column]: value }) =>
    value === undefined ? [] : [{ atSeconds, value }],
  );
  const [first, last] = [known.at(0), known.at(-1)];
  if (!first || !last) return '';
  const span = last.atSeconds - first.atSeconds;
  if (span === 0) return `${title}: ${formatEntries(last.value)} entries. The exporter has just started.`;
  return `${title}: from ${formatEntries(first.value)} to ${formatEntries(last.value)} entries in the last ${time(span)}.`;
}

const rows = 12;

/** In even steps back from the last moment: of an hour, each five minutes. */
function figuresTable(lines: readonly Line[], history: PageHistory): Html {
  const [first, last] = [history.at(0)?.atSeconds ?? 0, history.at(-1)?.atSeconds ?? 0];
  const step = (last - first) / rows;
  const steps = Array.from({ length: rows + 1 }, (_, index) => last - index * step);
  const moments = new Set(steps.flatMap((moment) => history.findLast(({ atSeconds }) => atSeconds <= moment) ?? []));
  return tableMarkup(
    'Entries, the latest first',
    [
      { title: 'Time', cell: ({ atSeconds }: HistoryPoint) => clockTime(atSeconds) },
      ...lines.map(({ title, column }) => ({
        title,
        cell: ({ [column]: value }: HistoryPoint) => formatEntries(value),
        isNumber: true,
      })),
    ],
    [...moments],
  );
}
