import { badge } from '../markup/badge.ts';
import { gaugeMarkup } from '../markup/gauge.ts';
import { type Html, html } from '../markup/html.ts';
import type { TileGroup } from '../model/status.ts';
import type { Tile } from '../model/summary.ts';

export function summarySection(groups: readonly TileGroup[]): Html {
  return html`<div id="summary">${groups.map(
    ({ title, tiles }) => html`
<section aria-label="${title}">
<h2 class="quiet">${title}</h2>
<dl class="tiles">${tiles.map(tileMarkup)}</dl>
</section>`,
  )}
</div>`;
}

function tileMarkup({ title, value, note, level, word, gauge }: Tile): Html {
  return html`
<div class="tile ${level}">
<dt>${title}${word === '' ? undefined : badge(level, word)}</dt>
<dd class="value">${value}</dd>
<dd class="note">${note}</dd>${gauge ? html`<dd class="gauge" aria-hidden="true">${gaugeMarkup(gauge)}</dd>` : undefined}
</div>`;
}
