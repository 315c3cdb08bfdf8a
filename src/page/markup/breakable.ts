import { type Html, html } from './html.ts';

/** A name whose addresses of IPv6 may go on in the next line between two groups: within one, a port of 80 looks like 8. */
export function breakable(name: string): Html {
  const parts = /:.*:/.test(name) ? name.split(/(?<=:)/) : [name];
  return html`${parts.map((part, index) => (index === 0 ? part : html`<wbr>${part}`))}`;
}
