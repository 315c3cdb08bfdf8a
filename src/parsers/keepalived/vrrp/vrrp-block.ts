import { parseDecimal } from '../../numbers.ts';
import { ParseError } from '../../parse-error.ts';
import { type Block, type Field, findField, type Item, requireField, unexpectedField } from '../dump.ts';
import type { Attempt } from '../skipped.ts';
import { familyOf, parseVrrpAddress } from './vrrp-address.ts';
import { faultKeys, trackerKeys } from './vrrp-fault.ts';
import type { VrrpAddress, VrrpInstance, VrrpState } from './vrrp-instance.ts';
import { readVrrpSettings, settingKeys } from './vrrp-settings.ts';

/** The fields of an instance that are read, and the lists beside the addresses. */
export const instanceKeys = [
  ...['VRRP Version', 'Using Native IPv6', 'State', 'Wantstate', 'Last transition', 'Interface', 'Listening device'],
  ...['Virtual Router ID', 'Priority', 'Base priority', 'Effective priority', 'Virtual IP', 'Virtual IP Excluded'],
  ...['Unicast Peer', 'Virtual Routes', 'Virtual Rules', 'Tracked interfaces', ...trackerKeys, ...faultKeys],
  ...settingKeys,
] as const;

/** Reads ` VRRP Instance = VI_1` and its fields, as `dump_vrrp()` in keepalived/vrrp/vrrp_data.c writes them. */
export function readInstance(block: Block, attempt: Attempt): VrrpInstance {
  const required = (...names: readonly [string, ...string[]]) => attempt(() => requireField(block, ...names));
  const read = <T>(field: Field | undefined, value: (field: Field) => T) => field && attempt(() => value(field));
  const addresses = [
    ...readAddresses(findField(block, 'Virtual IP'), false, attempt),
    ...readAddresses(findField(block, 'Virtual IP Excluded'), true, attempt),
  ];
  return {
    name: block.value,
    interface: read(required('Interface', 'Listening device'), readInterface) ?? '',
    vrid: read(required('Virtual Router ID'), (field) => readNumber(field, 1, 255)),
    family: findField(block, 'Using Native IPv6') ? 'ipv6' : familyOf(addresses),
    state: read(required('State'), readState),
    wantedState: read(findField(block, 'Wantstate'), readState),
    // The name that the fork of Vyatta gives it.
    basePriority: read(required('Priority', 'Base priority'), (field) => readNumber(field, 0, 255)),
    effectivePriority: read(findField(block, 'Effective priority'), (field) => readNumber(field, 0, 255)),
    lastTransitionSeconds: read(required('Last transition'), readSeconds),
    addresses,
    settings: readVrrpSettings(block, attempt),
    counters: undefined,
  };
}

/** `vrrp.51, vmac on eth0`, and before keepalived 2.0 without the part after the comma. */
function readInterface(field: Field): string {
  const [name = ''] = field.value.split(', ');
  if (name === '') throw unexpectedField(field, 'an interface');
  return name === 'not configured' ? '' : name;
}

function readNumber({ key, value, line }: Field, min: number, max: number): number {
  const number = parseDecimal(value, `"${key}"`, line);
  if (number >= min && number <= max) return number;
  throw new ParseError(line, `expected "${key}" to be from ${min} to ${max}, got ${number}`);
}

/**
 * `1795394620.612799 (Mon Nov 23 00:43:40.612799 2026)`, before keepalived 2.1 in whole seconds, and before 1.2.20 without
 * the date.
 */
function readSeconds(field: Field): number {
  const [, seconds] = /^(\d{1,12}(?:\.\d{1,6})?)(?: \(.*\))?$/.exec(field.value) ?? [];
  if (seconds === undefined) throw unexpectedField(field, `"${field.key}" to be seconds`);
  return Number(seconds);
}

/**
 * `get_state_str()` in keepalived/vrrp/vrrp_data.c. Before keepalived 2.0 a state without a name is a number, as in
 * keepalived/include/vrrp.h of that time: 4 to 5 and 96 to 98 are on the way to another state. An instance that is to become
 * master has no address yet; one that reloads as master has them still.
 */
const states: ReadonlyMap<string, VrrpState> = new Map([
  ['INIT', 'init'],
  ['0', 'init'],
  ['BACKUP', 'backup'],
  ['MASTER', 'master'],
  ['FAULT', 'fault'],
  ['unknown', 'unknown'],
  ['DISPATCHER', 'unknown'],
  ['4', 'backup'],
  ['5', 'master'],
  ['96', 'master'],
  ['97', 'stop'],
  ['98', 'fault'],
]);

export function readState({ value, line }: Pick<Field, 'value' | 'line'>): VrrpState {
  const state = states.get(value);
  if (state === undefined) throw unexpectedField({ value, line }, 'the name of a VRRP state');
  return state;
}

/** The number of addresses is missing from 2.1 to 2.2.4, and that of excluded ones from 2.1 on. */
function readAddresses(field: Field | undefined, excluded: boolean, attempt: Attempt): VrrpAddress[] {
  if (!field) return [];
  const count = field.value === '' ? field.items.length : attempt(() => readNumber(field, 0, 1e6));
  // An address that is configured twice stands twice.
  const missing = count === undefined ? 0 : count - field.items.length;
  if (count !== undefined && (missing < 0 || missing > (field.repeatedItems ?? 0)))
    attempt(() => refuseCount(field, count));
  return field.items.slice(0, count).flatMap((item) => attempt(() => readAddress(item, excluded)) ?? []);
}

function refuseCount({ key, line, items }: Field, count: number): never {
  throw new ParseError(line, `expected ${count} lines below "${key}", got ${items.length}`);
}

function readAddress({ text, line }: Item, excluded: boolean): VrrpAddress {
  const address = parseVrrpAddress(text, excluded);
  if (!address) throw unexpectedField({ value: text, line }, 'an address and its interface');
  return address;
}
