import { count } from '../../readings/format.ts';
import { type Html, html } from './html.ts';

/** What a table leaves out, if anything. `which` adds what they are: `with less traffic`. */
export function moreMarkup(all: number, shown: number, which = ''): Html | undefined {
  if (all <= shown) return undefined;
  return html`<p>And ${count(all - shown)} more${which === '' ? '' : ` ${which}`}: see <a href="metrics">the metrics</a>.</p>`;
}
