/** East Asian wide and fullwidth characters, and emoji: two columns of a terminal. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const combining = /\p{M}/u;

/** Columns of a terminal that a text takes. */
export function widthOf(text: string): number {
  return [...text].reduce((width, character) => width + widthOfCharacter(character), 0);
}

function widthOfCharacter(character: string): number {
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** A text in exactly so many columns: cut, with `…` in the place of the rest, or filled up with blanks. */
export function inColumns(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const shown = widthOf(text) > columns ? cut(text, columns) : text;
  const blanks = ' '.repeat(Math.max(0, columns - widthOf(shown)));
  return align === 'left' ? `${shown}${blanks}` : `${blanks}${shown}`;
}

function cut(text: string, columns: number): string {
  if (columns < 1) return '';
  let [shown, width] = ['', 0];
  for (const character of text) {
    width += widthOfCharacter(character);
    if (width > columns - 1) break;
    shown += character;
  }
  return `${shown}…`;
}
