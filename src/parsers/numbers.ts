import { makeVisible } from '../identity/visible.ts';
import { ParseError } from './parse-error.ts';

/**
 * A whole number, signed, of at most 64 bits. Beyond 2^53 it is rounded, as it would be by Prometheus. `what` names it in
 * the error.
 */
export function parseDecimal(text: string | undefined, what: string, line: number): number {
  const value = text !== undefined && /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Math.abs(value) <= max64Bits) return value;
  throw new ParseError(line, `expected ${what} to be a number, got ${quote(text)}`);
}

/** 2^64 - 1 is rounded to it. */
export const max64Bits = 2 ** 64;

/** An unsigned hexadecimal number of at most 64 bits. Beyond 2^53 it is rounded, as it would be by Prometheus. */
export function parseHex(text: string | undefined, what: string, line: number): number {
  if (text === undefined || !/^[\dA-Fa-f]{1,16}$/.test(text)) {
    throw new ParseError(line, `expected ${what} to be a hexadecimal number, got ${quote(text)}`);
  }
  return Number(`0x${text}`);
}

const maxQuoteLength = 40;
const maxVisibleLength = 60;

/** Foreign text as it may stand in a message: printable, in quotes and short. */
export function quote(text: string | undefined): string {
  if (text === undefined) return 'nothing';
  const visible = makeVisible(JSON.stringify(text.slice(0, maxQuoteLength)));
  const isWhole = text.length <= maxQuoteLength && visible.length <= maxVisibleLength;
  return isWhole ? visible : `${visible.slice(0, maxVisibleLength).replace(/"$/, '')}…"`;
}
