/** Makes lines of a text that comes in pieces. */
export interface LineSplitter {
  push(piece: string): void;
  /** Whether the last line has no end. */
  hasRest(): boolean;
}

/** More than the longest line that keepalived writes. What is longer is given as it comes. */
const maxLineLength = 4096;

export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  let rest = '';
  return {
    push(piece) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
      if (rest.length <= maxLineLength) return;
      onLine(rest);
      rest = '';
    },
    hasRest: () => rest !== '',
  };
}
