/**
 * The word that is most like another, whatever the case of its letters and the dashes before it, if they differ in a third of
 * its letters or less.
 */
export function nearest(word: string, words: readonly string[]): string | undefined {
  if (word.length > maxWordLength) return undefined;
  const typed = plain(word);
  const measured = words.map((one) => ({ one, distance: editDistance(typed, plain(one)) }));
  const [best] = measured.sort((some, other) => some.distance - other.distance);
  return best && best.distance <= typed.length / 3 ? best.one : undefined;
}

/** Longer than any option. To compare a word takes the product of both lengths. */
const maxWordLength = 100;

const plain = (word: string) => word.toLowerCase().replace(/^-+/, '');

/** Letters to insert, delete or replace: Levenshtein's distance, row by row. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const [diagonal = 0, above = 0] = row.slice(column, column + 2);
      next.push(Math.min(diagonal + (letter === other ? 0 : 1), above + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
