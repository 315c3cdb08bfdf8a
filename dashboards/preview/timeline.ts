import type { Panel } from '../src/grafana.ts';
import type { Frame } from './chart.ts';
import { escapeHtml, mapped } from './look.ts';
import type { Line } from './stack.ts';

const nameWidth = 240;

/** A state timeline as SVG. */
export function drawTimeline(panel: Panel, lines: readonly Line[], { width, height, range }: Frame): string {
  const rowHeight = Math.min(60, (height - 8) / lines.length);
  const x = (time: number) =>
    nameWidth + ((time - range.startSeconds) / (range.endSeconds - range.startSeconds)) * (width - nameWidth - 8);
  const rows = lines.map(({ name, points }, index) => {
    const top = index * rowHeight;
    const bars = runs(points).map(({ from, until, value }) => {
      const state = mapped(panel.fieldConfig.defaults.mappings ?? [], String(value));
      const [left, right] = [x(from), x(until + range.stepSeconds)];
      return (
        `<rect x="${left}" y="${top + 3}" width="${right - left}" height="${rowHeight - 6}" fill="${state?.colour ?? 'gray'}" opacity="0.8"/>` +
        `<text x="${left + 6}" y="${top + rowHeight / 2 + 4}" class="on">${escapeHtml(state?.text ?? String(value))}</text>`
      );
    });
    return `<text x="0" y="${top + rowHeight / 2 + 4}">${escapeHtml(name)}</text>${bars.join('')}`;
  });
  return `<svg width="${width}" height="${height}">${rows.join('')}</svg>`;
}

function runs(points: Line['points']) {
  const found: { from: number; until: number; value: number }[] = [];
  for (const [time, value] of points) {
    const last = found.at(-1);
    if (last?.value === value) last.until = time;
    else found.push({ from: time, until: time, value });
  }
  return found;
}
