import { makeLinesVisible } from '../../identity/visible.ts';

/** Markup that is safe to send. Only the `html` tag makes it. */
export interface Html {
  readonly markup: string;
}

/** What can stand inside markup. Text is escaped; nothing is written for what is not there. */
export type Piece = Html | string | number | undefined | readonly Piece[];

/** A template of markup: the only way by which a value gets into a page, as text or inside a quoted attribute. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  let [markup = ''] = strings;
  for (const [index, piece] of pieces.entries()) markup += toMarkup(piece) + strings[index + 1];
  return { markup };
}

function toMarkup(piece: Piece): string {
  if (piece === undefined) return '';
  if (typeof piece === 'string') return escapeText(piece);
  if (typeof piece === 'number') return String(piece);
  return 'markup' in piece ? piece.markup : piece.map(toMarkup).join('');
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Most texts have nothing to escape, and to look is faster than to replace. */
function escapeText(text: string): string {
  const visible = makeLinesVisible(text);
  return /[&<>"']/.test(visible) ? visible.replaceAll(/[&<>"']/g, (character) => references[character] ?? '') : visible;
}
