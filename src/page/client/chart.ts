import uPlot from 'uplot';
import type { HistoryColumns } from '../history.ts';

type Column = Exclude<keyof HistoryColumns, 'atSeconds'>;

/** A chart that stands on the page. */
export interface Chart {
  /** Shows another history. */
  show(history: HistoryColumns): void;
}

const height = 260;
/** That the axis spans at least. */
const shortestSeconds = 60;
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Draws the chart of a section, whose legend says which columns it has and how they look. */
export function drawChart(section: HTMLElement, history: HistoryColumns): Chart | undefined {
  const place = section.querySelector<HTMLElement>('.plot');
  const entries = [...section.querySelectorAll<HTMLElement>('.legend li')];
  if (!place || entries.length === 0) return undefined;
  const columns = entries.map(({ dataset }) => dataset.column as Column);
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { range: (_plot, first, last) => [Math.min(first, last - shortestSeconds), last] },
        y: { range: (_plot, _least, most) => [0, Math.max(1, most) * 1.08] },
      },
      axes: [
        axis({ size: 34, space: 64, values: (_plot, moments) => moments.map(clockTime) }),
        axis({ size: 52, values: (_plot, values) => values.map((value) => compact.format(value)) }),
      ],
      series: [{}, ...entries.map((entry) => lineOf(entry))],
    },
    select(history, columns),
    place,
  );
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height })).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot.redraw(false));
  return { show: (next) => plot.setData(select(next, columns)) };
}

function select(history: HistoryColumns, columns: readonly Column[]): uPlot.AlignedData {
  return [history.atSeconds, ...columns.map((column) => history[column])] as uPlot.AlignedData;
}

/** UTC, as everywhere on the page: `03:14`, with the seconds where there are any. */
function clockTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, seconds % 60 === 0 ? 16 : 19);
}

/** Colours are read anew with each drawing: they change with the colour scheme. */
function axis(options: uPlot.Axis): uPlot.Axis {
  return {
    stroke: () => styleOf('--muted'),
    grid: { stroke: () => styleOf('--line'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
    ...options,
  };
}

/** Lines are told apart by their dashes as well as by their colours. */
const dashes: Readonly<Record<string, number[]>> = { used: [], settles: [6, 4], limit: [2, 3] };

function lineOf({ dataset: { kind = 'used' } }: HTMLElement): uPlot.Series {
  return {
    stroke: () => styleOf(`--${kind}`),
    width: 2,
    dash: dashes[kind] ?? [],
    // A line takes two.
    points: { show: ({ data: [moments] }) => moments.length === 1 },
    ...(kind === 'used' ? { fill: () => styleOf('--used-fill') } : {}),
  };
}

function styleOf(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(property);
}
