import { ParseError } from './parse-error.ts';

/**
 * The lines of a kernel file, without their line ends.
 *
 * The kernel ends every line: text without a final newline was cut off, and its last number may be a part of one.
 */
export function splitLines(text: string): string[] {
  expectLineEnd(text);
  return text.split('\n').slice(0, -1);
}

/** The same one by one, for a text with tens of thousands. */
export function* eachLine(text: string): Generator<string> {
  expectLineEnd(text);
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    yield text.slice(start, end);
    start = end + 1;
  }
}

function expectLineEnd(text: string): void {
  if (text === '' || text.endsWith('\n')) return;
  throw new ParseError(text.split('\n').length, 'expected a line end, got the end of the file');
}

/** The words of a line. */
export function splitWords(line: string): string[] {
  return line.split(/\s+/).filter((word) => word !== '');
}
