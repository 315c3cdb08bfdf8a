import type { Series } from '../../scripts/history-prometheus.ts';
import type { Panel } from '../src/grafana.ts';
import { drawChart, type Frame } from './chart.ts';
import { format } from './format.ts';
import { escapeHtml, legendOf, mapped, stepColour } from './look.ts';
import type { Line } from './stack.ts';
import { drawTable } from './table.ts';
import { drawTimeline } from './timeline.ts';

/** What a panel makes of the answers to its queries. */
export function drawContent(panel: Panel, frame: Frame, results: readonly (readonly Series[])[]): string {
  return drawValues(panel, frame, results) ?? `<p class="empty">${escapeHtml(noValueOf(panel))}</p>`;
}

function drawValues(panel: Panel, frame: Frame, results: readonly (readonly Series[])[]): string | undefined {
  if (panel.type === 'table') return drawTable(panel, results);
  const lines = results.flatMap((series, index) => nameLines(series, panel.targets[index]?.legendFormat));
  if (panel.type === 'stat') return drawStat(panel, lines[0]?.points.at(-1)?.[1]);
  if (lines.length === 0) return undefined;
  return panel.type === 'timeseries' ? drawChart(panel, lines, frame) : drawTimeline(panel, lines, frame);
}

function nameLines(series: readonly Series[], legendFormat = ''): Line[] {
  return series.map(({ labels, points }) => ({ name: legendOf(legendFormat, labels), points }));
}

function noValueOf({ fieldConfig }: Panel): string {
  return fieldConfig.defaults.noValue ?? 'No data';
}

function drawStat(panel: Panel, value: number | undefined): string {
  if (value === undefined) return `<p class="stat none">${escapeHtml(noValueOf(panel))}</p>`;
  const { unit, decimals, thresholds, mappings = [] } = panel.fieldConfig.defaults;
  const known = mapped(mappings, String(value));
  const colour = known?.colour ?? (thresholds ? stepColour(thresholds, value) : 'gray');
  return `<p class="stat" style="background:${colour}">${escapeHtml(known?.text ?? format(value, unit, decimals))}</p>`;
}
