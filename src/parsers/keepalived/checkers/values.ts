import { parseDecimal } from '../../numbers.ts';
import { type Field, unexpectedField } from '../dump.ts';

export function readCount({ key, value, line }: Pick<Field, 'key' | 'value' | 'line'>): number {
  return parseDecimal(value, `"${key}"`, line);
}

/** `1` or `yes` */
export function readFlag(field: Field): boolean {
  if (field.value === '1' || field.value === 'yes') return true;
  if (field.value === '0' || field.value === 'no') return false;
  throw unexpectedField(field, `"${field.key}" to be yes or no`);
}

/** The methods that keepalived has, in the words of ipvsadm's options. */
export type Forward = 'direct' | 'tunnel' | 'masquerade';

/** `DR`, `NAT`, `TUN, type = GUE, port = 5555` */
export function readForward(field: Field): Forward {
  const forward = forwards.get(field.value.split(',')[0] ?? '');
  if (!forward) throw unexpectedField(field, 'a forwarding method');
  return forward;
}

const forwards: ReadonlyMap<string, Forward> = new Map([
  ['DR', 'direct'],
  ['NAT', 'masquerade'],
  ['TUN', 'tunnel'],
]);
