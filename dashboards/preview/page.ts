import { readFile } from 'node:fs/promises';
import type { HistoryPrometheus, TimeRange } from '../../scripts/history-prometheus.ts';
import type { Dashboard, GridPos, Panel, RowPanel } from '../src/grafana.ts';
import { escapeHtml } from './look.ts';
import { drawContent } from './panel.ts';
import { resolve } from './resolve.ts';

/** In pixels, of one cell of Grafana's grid on a screen that is 1,900 wide. */
const cell = { width: 78, height: 38, gap: 8 };
const heading = 40;
const padding = 9;

export interface Preview {
  readonly prometheus: HistoryPrometheus;
  readonly range: TimeRange;
  /** The machine that repeated rows are drawn for. */
  readonly instance: string;
  /** The clusters whose machines are shown, as a regular expression. */
  readonly cluster: string;
}

type Picked = Readonly<Record<string, string>>;

/** A dashboard as a page, about as Grafana draws it, with every row open. */
export async function drawDashboard(dashboard: Dashboard, preview: Preview): Promise<string> {
  const parts: string[] = [];
  let picked: Picked = {};
  for (const panel of dashboard.panels) {
    if (panel.type !== 'row') {
      parts.push(await drawPanel(panel, preview, picked));
      continue;
    }
    picked = panel.repeat === undefined ? {} : { [panel.repeat]: preview.instance };
    parts.push(drawHeading(panel, preview, picked));
    for (const inside of panel.panels) parts.push(await drawPanel(inside, preview, picked));
  }
  const style = await readFile(new URL('page.css', import.meta.url), 'utf8');
  const title = escapeHtml(dashboard.title);
  const height = heightOf(dashboard) * cell.height;
  return `<!doctype html><meta charset="utf-8"><title>${title}</title><style>${style}</style>
<h1>${title}</h1><main style="height:${height}px">${parts.join('\n')}</main>\n`;
}

function heightOf({ panels }: Dashboard): number {
  const all = panels.flatMap((panel) => (panel.type === 'row' ? [panel, ...panel.panels] : [panel]));
  return Math.max(...all.map(({ gridPos }) => gridPos.y + gridPos.h));
}

function fill(text: string, { range, cluster }: Preview, picked: Picked): string {
  const { startSeconds, endSeconds, stepSeconds } = range;
  return resolve(text, {
    scrapeSeconds: stepSeconds,
    rangeSeconds: endSeconds - startSeconds,
    picked: { cluster, ...picked },
  });
}

function drawHeading(row: RowPanel, preview: Preview, picked: Picked): string {
  const title = escapeHtml(fill(row.title, preview, picked));
  return `<h2 style="${place(row.gridPos)}">${row.collapsed ? '&#9656;' : '&#9662;'} ${title}</h2>`;
}

async function drawPanel(panel: Panel, preview: Preview, picked: Picked): Promise<string> {
  const { prometheus, range } = preview;
  const latest = { ...range, startSeconds: range.endSeconds };
  const results = await Promise.all(
    panel.targets.map(({ expr, instant }) =>
      prometheus.queryRange(fill(expr, preview, picked), instant ? latest : range),
    ),
  );
  const { width, height } = sizeOf(panel.gridPos);
  const content = drawContent(panel, { width: width - 2 * padding, height: height - heading, range }, results);
  const hint = escapeHtml([panel.description, ...panel.links.map(({ title }) => title)].join('\n'));
  return `<section style="${place(panel.gridPos)}" title="${hint}"><h3>${escapeHtml(panel.title)}</h3>${content}</section>`;
}

function sizeOf({ w, h }: GridPos) {
  return { width: w * cell.width - cell.gap, height: h * cell.height - cell.gap };
}

function place(gridPos: GridPos): string {
  const { width, height } = sizeOf(gridPos);
  return `left:${gridPos.x * cell.width}px;top:${gridPos.y * cell.height}px;width:${width}px;height:${height}px`;
}
