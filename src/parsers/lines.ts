import { ParseError } from './parse-error.ts';

/**
 * The lines of a kernel file, without their line ends.
 *
 * The kernel ends every line: text without a final newline was cut off, and its last number may be a part of one.
 */
export function splitLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new ParseError(lines.length + 1, 'expected a line end, got the end of the file');
  return lines;
}

/** The words of a line. */
export function splitWords(line: string): string[] {
  return line.split(/\s+/).filter((word) => word !== '');
}
