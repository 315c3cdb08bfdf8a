import { parseDecimal, quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';
import { type Block, type Field, findField, type Item, requireField } from './tree.ts';
import { parseVrrpAddress } from './vrrp-address.ts';
import type { VrrpAddress, VrrpInstance, VrrpState } from './vrrp-instance.ts';

/** Reads ` VRRP Instance = VI_1` and its fields, as `dump_vrrp()` in keepalived/vrrp/vrrp_data.c writes them. */
export function readInstance(block: Block): VrrpInstance {
  const wanted = findField(block, 'Wantstate');
  const effective = findField(block, 'Effective priority');
  return {
    name: readName(block),
    interface: readInterface(requireField(block, 'Interface', 'Listening device')),
    vrid: readNumber(requireField(block, 'Virtual Router ID'), 1, 255),
    family: findField(block, 'Using Native IPv6') ? 'ipv6' : 'ipv4',
    state: readState(requireField(block, 'State')),
    wantedState: wanted && readState(wanted),
    basePriority: readNumber(requireField(block, 'Priority'), 0, 255),
    effectivePriority: effective && readNumber(effective, 0, 255),
    lastTransitionSeconds: readSeconds(requireField(block, 'Last transition')),
    addresses: [...readAddresses(block, 'Virtual IP', false), ...readAddresses(block, 'Virtual IP Excluded', true)],
    counters: undefined,
  };
}

export function readName({ title, value, line }: Block): string {
  if (value === '') throw new ParseError(line, `expected the name of a ${title}, got nothing`);
  return value;
}

/** `vrrp.51, vmac on eth0`, and before keepalived 2.0 without the part after the comma. */
function readInterface({ value, line }: Field): string {
  const [name = ''] = value.split(', ');
  if (name === '') throw new ParseError(line, `expected an interface, got ${quote(value)}`);
  return name === 'not configured' ? '' : name;
}

function readNumber({ key, value, line }: Field, least: number, most: number): number {
  const number = parseDecimal(value, `"${key}"`, line);
  if (number >= least && number <= most) return number;
  throw new ParseError(line, `expected "${key}" to be from ${least} to ${most}, got ${number}`);
}

/** `1795394620.612799 (Mon Nov 23 00:43:40.612799 2026)`, and before keepalived 2.1 in whole seconds. */
function readSeconds({ key, value, line }: Field): number {
  const [, seconds] = /^(\d{1,12}(?:\.\d{1,6})?) \(.*\)$/.exec(value) ?? [];
  if (seconds === undefined) throw new ParseError(line, `expected "${key}" to be seconds, got ${quote(value)}`);
  return Number(seconds);
}

/** `get_state_str()` in keepalived/vrrp/vrrp_data.c. Before 2.0 a state without a name is a number: 0 is init. */
const states: ReadonlyMap<string, VrrpState> = new Map([
  ['INIT', 'init'],
  ['0', 'init'],
  ['BACKUP', 'backup'],
  ['MASTER', 'master'],
  ['FAULT', 'fault'],
  ['unknown', 'unknown'],
]);

export function readState({ value, line }: { readonly value: string; readonly line: number }): VrrpState {
  const state = states.get(value);
  if (state === undefined) throw new ParseError(line, `expected the name of a VRRP state, got ${quote(value)}`);
  return state;
}

function readAddresses(block: Block, key: string, excluded: boolean): VrrpAddress[] {
  const field = findField(block, key);
  if (!field) return [];
  // The count is left out by 2.1 to 2.2.4, and for excluded addresses by all from 2.1 on.
  if (field.value !== '' && readNumber(field, 0, 1e6) !== field.items.length) {
    throw new ParseError(field.line, `expected ${field.value} lines below "${key}", got ${field.items.length}`);
  }
  return field.items.map((item) => readAddress(item, excluded));
}

function readAddress({ text, line }: Item, excluded: boolean): VrrpAddress {
  const address = parseVrrpAddress(text, excluded);
  if (!address) throw new ParseError(line, `expected an address and its interface, got ${quote(text)}`);
  return address;
}
