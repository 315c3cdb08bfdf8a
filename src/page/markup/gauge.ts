import { type Html, html } from './html.ts';

/** Parts of a limit: 1 is all of it. What grows may settle beyond. */
export interface Gauge {
  readonly used: number;
  /** Undefined where it is not known. */
  readonly settles: number | undefined;
}

/** A bar that is as long as the limit, and a key. What lies beyond is an arrow at its end. */
export function gaugeMarkup({ used, settles }: Gauge): Html {
  const room = html`<rect class="room" y="4" width="100%" height="8" rx="4" />`;
  if (settles === undefined) return html`${bar(room, usedMarkup(used))}${key(entry('In use', usedMarkup(1)))}`;
  const { title, shape, inKey } = settles > 1 ? beyond : here;
  return html`${bar(room, usedMarkup(used), at(percentage(settles), shape))}${key(entry('In use', usedMarkup(1)), entry(title, at(inKey, shape)))}`;
}

/** Where the table settles. Shapes end, or have their middle, at 0. */
const here = { title: 'Settles here', shape: html`<path class="settles" d="M0 1V15" />`, inKey: '50%' };
const beyond = { title: 'Settles beyond', shape: html`<path class="settles" d="M-8 2.5 0 8-8 13.5Z" />`, inKey: '90%' };

function bar(...shapes: readonly Html[]): Html {
  return html`<svg class="bar">${shapes}</svg>`;
}

function key(...entries: readonly Html[]): Html {
  return html`<ul class="key">${entries}</ul>`;
}

function entry(title: string, shape: Html): Html {
  return html`<li><svg>${shape}</svg>${title}</li>`;
}

function at(x: string, shape: Html): Html {
  return html`<svg x="${x}">${shape}</svg>`;
}

function usedMarkup(used: number): Html {
  return html`<rect class="used" y="4" width="${percentage(used)}" height="8" rx="4" />`;
}

function percentage(ratio: number): string {
  return `${(Math.min(1, ratio) * 100).toFixed(1)}%`;
}
