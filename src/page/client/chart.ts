import uPlot from 'uplot';
import type { HistoryColumns } from '../model/history.ts';
import { formatMoments } from './moments.ts';
import { type ChartLine, linesOf, showReadings } from './readings.ts';

/** A chart that stands on the page. */
export interface Chart {
  /** Shows another history. */
  show(history: HistoryColumns): void;
  /** Takes it off the page, with all that it listens to. */
  destroy(): void;
}

const height = 260;
/** That the axis spans at least. */
const minSeconds = 60;
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Draws the chart of a section, whose legend defines its columns and their looks. */
export function drawChart(section: Element, history: HistoryColumns): Chart | undefined {
  const place = section.querySelector<HTMLElement>('.plot');
  const lines = linesOf(section);
  if (!place || lines.length === 0) return undefined;
  let shown = history;
  /** The legend shows what is under the pointer, else the latest. */
  const showValues = ({ cursor: { idx } }: uPlot) => {
    const around = place.closest('.chart');
    if (around) showReadings(around, shown, idx ?? shown.atSeconds.length - 1);
  };
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height,
      // Half of the last moment of the axis is beyond the plot.
      padding: [null, 32, null, null],
      legend: { show: false },
      cursor: { y: false, move: snap, drag: { x: false, y: false }, points: { size: 7 } },
      hooks: { setCursor: [showValues] },
      scales: {
        x: { range: (_plot, first, last) => [Math.min(first, last - minSeconds), last] },
        y: { range: (_plot, _least, most) => [0, Math.max(1, most) * 1.08] },
      },
      axes: [
        axis({
          size: 30,
          gap: 9,
          space: 72,
          values: (_plot, moments, _axis, _space, step) => formatMoments(moments, step),
        }),
        axis({ size: 52, values: (_plot, values) => values.map((value) => compact.format(value)) }),
      ],
      series: [{}, ...lines.map(seriesOf)],
    },
    select(history, lines),
    place,
  );
  const resizes = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height }));
  const destroyed = new AbortController();
  resizes.observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot.redraw(false), destroyed);
  return {
    show(next) {
      shown = next;
      plot.setData(select(next, lines));
      showValues(plot);
    },
    destroy() {
      resizes.disconnect();
      destroyed.abort();
      plot.destroy();
    },
  };
}

/** The crosshair stands where the values are that it shows. Left of the plot it is not to be seen. */
function snap(plot: uPlot, left: number, top: number): uPlot.Cursor.LeftTop {
  const moment = plot.data[0][plot.posToIdx(left)];
  return [left < 0 || moment === undefined ? left : plot.valToPos(moment, 'x'), top];
}

function select(history: HistoryColumns, lines: readonly ChartLine[]): uPlot.AlignedData {
  return [history.atSeconds, ...lines.map(({ column }) => history[column])] as uPlot.AlignedData;
}

/** Colours are read again with each drawing: they change with the colour scheme. */
function axis(options: uPlot.Axis): uPlot.Axis {
  return {
    stroke: () => styleOf('--muted'),
    grid: { stroke: () => styleOf('--line'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
    ...options,
  };
}

/** Lines are distinguished by their dashes as well as by their colours. */
const dashes: Readonly<Record<string, number[]>> = { used: [], settles: [6, 4], limit: [2, 3] };

function seriesOf({ kind }: ChartLine): uPlot.Series {
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
