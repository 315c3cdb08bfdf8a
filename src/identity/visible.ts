/** Control and format characters, halves of pairs, line separators: what moves a cursor, turns text around or hides. */
const invisible = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * A text that a stranger may have chosen, as it may stand on a terminal, on a page or in a log: the name of an instance, a
 * script, a virtual machine or a device. What is not visible is written as JSON does it: `\u202e`.
 */
export function makeVisible(text: string): string {
  return text.replace(invisible, escapeUnits);
}

/** The same of a text with lines of its own. */
export function makeLinesVisible(text: string): string {
  return text.replace(invisible, (character) => (character === '\n' ? character : escapeUnits(character)));
}

function escapeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
