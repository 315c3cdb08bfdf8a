/** Breaks a text into lines; the second and further ones begin below the first. */
export function wrap(text: string, indent: string, { columns }: { readonly columns: number }): string[] {
  const lines: string[] = [];
  let line = indent;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > columns) {
      lines.push(line);
      [line, isEmpty] = [' '.repeat(indent.length), true];
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
