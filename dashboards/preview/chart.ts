import type { TimeRange } from '../../scripts/history-prometheus.ts';
import type { Panel } from '../src/grafana.ts';
import { format } from './format.ts';
import { colourOf, escapeHtml } from './look.ts';
import { type DrawnLine, type Line, stack } from './stack.ts';

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly range: TimeRange;
}

/** Where values are drawn, in pixels. */
interface Plot {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  x(time: number): number;
  y(value: number): number;
}

const margin = { left: 70, right: 8, top: 8, bottom: 22 };

/** A time series panel as SVG, with its legend. */
export function drawChart(panel: Panel, lines: readonly Line[], frame: Frame): string {
  const drawn = stack(panel, lines);
  const plot = createPlot(panel, drawn, frame);
  const parts = [
    ...drawGrid(panel, plot),
    ...drawThresholds(panel, plot),
    ...drawn.map((line) => drawLine(line, plot)),
  ];
  return `<svg width="${plot.width}" height="${plot.height}">${parts.join('')}</svg>${drawLegend(drawn)}`;
}

function createPlot(panel: Panel, lines: readonly DrawnLine[], { width, height: given, range }: Frame): Plot {
  const height = given - legendHeight(lines, width, given);
  const top = panel.fieldConfig.defaults.max ?? highest(lines);
  const { startSeconds, endSeconds } = range;
  const [across, up] = [width - margin.left - margin.right, height - margin.top - margin.bottom];
  return {
    width,
    height,
    top,
    x: (time) => margin.left + ((time - startSeconds) / (endSeconds - startSeconds)) * across,
    y: (value) => margin.top + (1 - value / top) * up,
  };
}

/** Grafana gives a legend no more than 35 % of its panel. */
function legendHeight(lines: readonly DrawnLine[], width: number, height: number): number {
  const letters = lines.reduce((sum, { name }) => sum + name.length + 5, 0);
  return Math.min(0.35 * height, 18 * Math.max(1, Math.ceil((letters * 6.5) / width)));
}

function highest(lines: readonly DrawnLine[]): number {
  const values = lines.flatMap(({ points, base }) => points.map(([time, value]) => value + (base.get(time) ?? 0)));
  const most = Math.max(0, ...values.filter(Number.isFinite));
  return most === 0 ? 1 : most * 1.05;
}

function drawGrid(panel: Panel, plot: Plot): string[] {
  const { unit, decimals } = panel.fieldConfig.defaults;
  return ticks(plot.top).map((value) => {
    const label = escapeHtml(format(value, unit, decimals));
    const text = `<text x="${margin.left - 6}" y="${plot.y(value) + 4}" text-anchor="end">${label}</text>`;
    return level(plot, value, '#2c2f36') + text;
  });
}

function ticks(top: number): number[] {
  const rough = top / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step);
}

function drawThresholds(panel: Panel, plot: Plot): string[] {
  if (panel.type !== 'timeseries' || panel.fieldConfig.defaults.custom?.thresholdsStyle?.mode !== 'line') return [];
  const steps = panel.fieldConfig.defaults.thresholds?.steps ?? [];
  return steps.flatMap(({ value, color }) =>
    value === null || value > plot.top ? [] : [level(plot, value, colourOf(color))],
  );
}

function level(plot: Plot, value: number, colour: string): string {
  const y = plot.y(value);
  return `<line x1="${margin.left}" x2="${plot.width - margin.right}" y1="${y}" y2="${y}" stroke="${colour}"/>`;
}

function drawLine({ points, base, colour, dashed, stacked }: DrawnLine, plot: Plot): string {
  const at = (time: number, value: number) => `${plot.x(time).toFixed(1)},${plot.y(value).toFixed(1)}`;
  const finite = points.filter(([, value]) => Number.isFinite(value));
  const upper = finite.map(([time, value]) => at(time, value + (base.get(time) ?? 0)));
  const lower = finite.map(([time]) => at(time, base.get(time) ?? 0)).reverse();
  const area = `<polygon points="${[...upper, ...lower].join(' ')}" fill="${colour}" opacity="0.4"/>`;
  const dash = dashed ? ' stroke-dasharray="8 6"' : '';
  return `${stacked ? area : ''}<polyline points="${upper.join(' ')}" fill="none" stroke="${colour}"${dash}/>`;
}

function drawLegend(lines: readonly DrawnLine[]): string {
  const names = lines.map(({ name, colour }) => `<span><i style="background:${colour}"></i>${escapeHtml(name)}</span>`);
  return `<p class="legend">${names.join('')}</p>`;
}
