import { quote } from '../../numbers.ts';
import { ParseError } from '../../parse-error.ts';

/** The words of a line, and which of them is next. */
export interface LineWords {
  /** Counted from 1, for errors. */
  readonly number: number;
  readonly words: readonly string[];
  next: number;
}

/** The next word; empty at the end. */
export function peek(line: LineWords): string {
  return line.words[line.next] ?? '';
}

export function take(line: LineWords): string {
  const word = peek(line);
  line.next++;
  return word;
}

/** Takes the next word if it is this one, and returns whether it was. */
export function takeWord(line: LineWords, word: string): boolean {
  if (peek(line) !== word) return false;
  line.next++;
  return true;
}

/** Whether the next word is `name=value`. */
export function hasField(line: LineWords, name: string): boolean {
  return peek(line).startsWith(`${name}=`);
}

/** Takes the value of `name=value`, which must be the next word. */
export function takeField(line: LineWords, name: string): string {
  if (!hasField(line, name)) throw unexpectedWord(line, `${name}=`);
  return take(line).slice(name.length + 1);
}

/** Takes the number in `name=number`, which must be the next word. */
export function takeUnsigned(line: LineWords, name: string, max: number): number {
  return parseUnsigned(takeField(line, name), name, max, line);
}

/** Takes the number in `name=number` if that is the next word. */
export function takeOptional(line: LineWords, name: string, max: number): number | undefined {
  return hasField(line, name) ? takeUnsigned(line, name, max) : undefined;
}

/** Decimal, or hexadecimal after 0x. */
export function parseUnsigned(text: string, what: string, max: number, line: LineWords): number {
  const value = /^(\d+|0x[\da-f]+)$/.test(text) ? Number(text) : Number.NaN;
  if (value <= max) return value;
  throw new ParseError(line.number, `expected ${what} to be a number from 0 to ${max}, got ${quote(text)}`);
}

/** The error of an unexpected next word. */
export function unexpectedWord(line: LineWords, expected: string): ParseError {
  return new ParseError(line.number, `expected ${expected}, got ${quote(line.words[line.next])}`);
}
