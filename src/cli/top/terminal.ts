import { writeSync } from 'node:fs';
import type { ReadStream, WriteStream } from 'node:tty';
import { readKeys } from '../../top/keys.ts';
import type { ScreenLine, Size } from '../../top/screen.ts';

/** A terminal that this program has for itself. */
export interface Terminal {
  size(): Size;
  /** Shows these lines, and writes those that changed. */
  draw(lines: readonly ScreenLine[]): void;
  /** Forgets what is shown: the next lines are all written. */
  reset(): void;
  /** Gives the terminal back as it was. Also when the process ends in any other way: see `main.ts`. */
  close(): void;
}

export interface TerminalEvents {
  readonly onKey: (key: string) => void;
  readonly onResize: () => void;
  /** The terminal has gone. */
  readonly onClosed: () => void;
}

/** Alternate screen, no cursor, no wrapping at the last column: those of xterm, which all others follow. */
const enter = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J';
const leave = '\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l';
const styles = { plain: '', title: '\u001b[7m', strong: '\u001b[1m' } as const;

const standardOutput = 1;

/** For a terminal that does not report its size. */
const usualSize: Size = { columns: 80, rows: 24 };

export function openTerminal(input: ReadStream, output: WriteStream, events: TerminalEvents): Terminal {
  let shown: readonly ScreenLine[] = [];
  let isOpen = true;

  function reset(): void {
    if (!isOpen) return;
    shown = [];
    input.setRawMode(true);
    output.write(enter);
  }

  for (const stream of [input, output]) stream.on('error', events.onClosed).on('close', events.onClosed);
  input.on('end', events.onClosed).on('data', (data) => {
    for (const key of readKeys(String(data))) events.onKey(key);
  });
  output.on('resize', () => {
    reset();
    events.onResize();
  });
  reset();
  return {
    size: () => ({ columns: output.columns || usualSize.columns, rows: output.rows || usualSize.rows }),
    draw(lines) {
      // A terminal that does not read gets the next picture, not one more.
      if (!isOpen || output.writableNeedDrain) return;
      output.write(lines.map((line, row) => (isSame(line, shown[row]) ? '' : drawn(line, row))).join(''));
      shown = lines;
    },
    reset,
    close() {
      if (!isOpen) return;
      isOpen = false;
      restore(input);
    },
  };
}

function isSame(one: ScreenLine, other: ScreenLine | undefined): boolean {
  return one.text === other?.text && one.style === other.style;
}

function drawn({ text, style }: ScreenLine, row: number): string {
  return `\u001b[${row + 1};1H${styles[style]}${text}\u001b[0m\u001b[K`;
}

/** At once, because the process may be about to end. */
function restore(input: ReadStream): void {
  try {
    input.setRawMode(false);
    input.pause();
    writeSync(standardOutput, leave);
  } catch {
    // The terminal has gone: there is nothing to give back.
  }
}
