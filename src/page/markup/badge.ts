import { type Html, html } from './html.ts';
import type { Level } from './level.ts';

/** A level in a word, with a sign whose shape shows it too, for readers who cannot distinguish colours. */
export function badge(level: Level, word: string): Html {
  return html`<span class="badge ${level}"><svg class="sign" viewBox="0 0 16 16" aria-hidden="true">${signs[level]}</svg>${word}</span>`;
}

const signs: Readonly<Record<Level, Html>> = {
  good: html`<path d="M2.5 8.5 6.5 12.5 13.5 4.5" />`,
  info: html`<path d="M8 7.5V13M8 3V4.5" />`,
  unknown: html`<path d="M3 8H13" />`,
  warning: html`<path d="M8 2 14.5 13.5H1.5ZM8 6.5V9.5" />`,
  critical: html`<path d="M3.5 3.5 12.5 12.5M12.5 3.5 3.5 12.5" />`,
};
