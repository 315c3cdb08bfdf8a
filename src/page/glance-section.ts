import { badge } from './badge.ts';
import type { Tile } from './glance.ts';
import { type Html, html } from './html.ts';
import type { TileGroup } from './status.ts';

export function glanceSection(groups: readonly TileGroup[]): Html {
  return html`<div id="glance">${groups.map(
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

/** What is used, what it grows to, and the limit: to scale, also where it goes beyond the limit. */
function gaugeMarkup({ used, settles = 0 }: NonNullable<Tile['gauge']>): Html {
  const whole = Math.max(1, used, settles);
  const percentage = (ratio: number) => `${((ratio / whole) * 100).toFixed(1)}%`;
  return html`<svg><rect class="room" width="100%" height="100%" /><rect class="settles" width="${percentage(settles)}" height="100%" /><rect class="used" width="${percentage(used)}" height="100%" /><rect class="limit" x="${percentage(1)}" width="3" height="100%" transform="translate(-3)" /></svg>`;
}
