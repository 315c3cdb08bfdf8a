import { time } from '../diagnosis/phrases.ts';
import { type Html, html } from './html.ts';

/** `03:14:07 UTC` */
export function clockTime(atSeconds: number): Html {
  const iso = new Date(atSeconds * 1000).toISOString();
  return html`<time datetime="${iso}">${iso.slice(11, 19)} UTC</time>`;
}

/** `2 min ago`, with the time itself for a machine, and for a mouse. */
export function ago(momentSeconds: number, nowSeconds: number): Html {
  const iso = new Date(momentSeconds * 1000).toISOString();
  return html`<time datetime="${iso}" title="${iso}">${time(Math.max(0, nowSeconds - momentSeconds))} ago</time>`;
}
