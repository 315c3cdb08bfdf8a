import { largeJson, parseBoundedJson } from '../bounded-json.ts';
import { ParseError } from '../parse-error.ts';
import { shortenHost } from './rule.ts';

/** A part of what `nft -j` prints. */
export type Json = unknown;

export function readJson(text: string): Json {
  try {
    return parseBoundedJson(text, largeJson);
  } catch (error) {
    if (error instanceof ParseError) throw error;
    throw new ParseError(1, 'expected JSON');
  }
}

export function isStateMatch(match: Json): boolean {
  return at(match, 'left', 'ct', 'key') === 'state';
}

/** `icmp type echo-request`, `meta l4proto icmp`, `ip protocol icmp`: no packet of a connection. */
export function isIcmpMatch(match: Json): boolean {
  if (at(match, 'op') === '!=') return false;
  const payload = at(match, 'left', 'payload');
  if (isIcmp(String(at(payload, 'protocol')))) return true;
  const namesProtocol = ['protocol', 'nexthdr'].includes(String(at(payload, 'field')));
  return (namesProtocol || at(match, 'left', 'meta', 'key') === 'l4proto') && valuesOf(match).every(isIcmp);
}

function isIcmp(protocol: string): boolean {
  return ['icmp', 'icmpv6', 'ipv6-icmp', '1', '58'].includes(protocol);
}

/** What a match compares with: one value, a list or a set of them; ranges and prefixes as text. */
export function valuesOf(match: Json): string[] {
  const right = at(match, 'right');
  const values = Array.isArray(right) ? right : (at(right, 'set') ?? (right === undefined ? [] : [right]));
  return listOf(values).map((value) => {
    const [first, last] = listOf(at(value, 'range'));
    if (first !== undefined) return `${first}:${last}`;
    const address = at(value, 'prefix', 'addr');
    return address === undefined ? String(value) : shortenHost(`${address}/${at(value, 'prefix', 'len')}`);
  });
}

/** Whether a match has values that are not written out: those of a named set, a range, or of a map. */
export function hasHiddenMembers(match: Json): boolean {
  const isHidden = (value: Json) => typeof value === 'object' || String(value).startsWith('@');
  const right = at(match, 'right');
  return listOf(at(right, 'set') ?? right).some((value) => isHidden(value) && at(value, 'prefix') === undefined);
}

export function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

/** What lies at a path of names; undefined where there is nothing. A value without content, `{"drop": null}`, is null. */
export function at(value: Json, ...path: readonly string[]): Json {
  let inner = value;
  for (const name of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, name)) return undefined;
    inner = Reflect.get(inner, name);
  }
  return inner;
}
