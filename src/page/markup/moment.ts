import { time } from '../../readings/format.ts';
import { type Html, html } from './html.ts';

/** `03:14:07 UTC`, to the second as the history has it. */
export function formatClock(atSeconds: number): string {
  return `${new Date(Math.round(atSeconds) * 1000).toISOString().slice(11, 19)} UTC`;
}

/** The same, with the time itself for a machine. */
export function clockTime(atSeconds: number): Html {
  return html`<time datetime="${new Date(atSeconds * 1000).toISOString()}">${formatClock(atSeconds)}</time>`;
}

/** `2 min ago`, with the time itself for a machine, and for a mouse. */
export function ago(momentSeconds: number, nowSeconds: number): Html {
  const iso = new Date(momentSeconds * 1000).toISOString();
  return html`<time datetime="${iso}" title="${iso}">${time(Math.max(0, nowSeconds - momentSeconds))} ago</time>`;
}
