import { parseDecimal, quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/** One thing that keepalived_check.data lists. */
export interface CheckBlock {
  readonly line: number;
  readonly title: string;
  /** Of a checker the virtual server and the real server that it is of; otherwise empty. */
  readonly value: string;
  readonly fields: readonly CheckField[];
}

/** `   protocol = TCP`, `   Inhibit on failure is ON`, or `   Using HA suspend`, which has no value. */
export interface CheckField {
  readonly line: number;
  readonly key: string;
  readonly value: string;
  /** The fields below it. */
  readonly items: readonly Omit<CheckField, 'items'>[];
}

/**
 * The names of the fields that are read. All other lines are of no interest here; some hold commands, paths and
 * passwords, which is why they are removed before anything else sees the text.
 */
export const checkKeys = [
  'Network namespace ipvs',
  ...['Virtual Server Group', 'Fwmark TCP', 'VIP', 'VIP Range', 'FWMARK'],
  ...['VS GROUP', 'VS FWMARK', 'VS VIP', 'Address family', 'protocol', 'quorum'],
  ...['sorry server', 'sorry server (duplicates rs)', 'sorry server forwarding method', 'set'],
  ...['VS alive', 'alive', 'quorum_state_up', 'reloaded'],
  ...['RIP', 'forwarding method', 'Forwarding method', 'Inhibit on failure'],
  ...['initial weight', 'RS set'],
  ...['Enabled', 'Up', 'Is up', 'Has run', 'Keepalive method'],
] as const;
export type CheckKey = (typeof checkKeys)[number];

/** The first field of one of these names, of which versions differ. */
export function findCheckField(
  block: Pick<CheckBlock, 'fields'>,
  ...names: readonly CheckKey[]
): CheckField | undefined {
  return block.fields.find(({ key }) => names.some((name) => name === key));
}

export function requireCheckField(block: CheckBlock, ...names: readonly [CheckKey, ...CheckKey[]]): CheckField {
  const field = findCheckField(block, ...names);
  if (field) return field;
  throw new ParseError(block.line, `expected the ${block.title.toLowerCase()} to have ${quote(names[0])}, got nothing`);
}

/** `1` or `yes` */
export function readFlag(field: CheckField): boolean {
  if (field.value === '1' || field.value === 'yes') return true;
  if (field.value === '0' || field.value === 'no') return false;
  throw unexpected(field, `"${field.key}" to be yes or no`);
}

export function readCount({ key, value, line }: CheckField): number {
  return parseDecimal(value, `"${key}"`, line);
}

/** The error of a field that has another value than it should. */
export function unexpected({ value, line }: CheckField, expected: string): ParseError {
  return new ParseError(line, `expected ${expected}, got ${quote(value)}`);
}
