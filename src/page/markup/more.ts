import { count } from '../../readings/format.ts';
import { type Html, html } from './html.ts';

const inMetrics = html`see <a href="metrics">the metrics</a>`;

/** What a table leaves out, if anything. `which` adds what they are: `with less traffic`; `where` is how to see them. */
export function moreMarkup(all: number, shown: number, which = '', where = inMetrics): Html | undefined {
  if (all <= shown) return undefined;
  return html`<p>And ${count(all - shown)} more${which === '' ? '' : ` ${which}`}: ${where}.</p>`;
}
