import { formatIPv4, formatIPv6, parseIPv4, parseIPv6 } from '../../../identity/address.ts';
import { type Block, type Field, requireField, unexpectedField } from '../dump.ts';
import type { Attempt } from '../skipped.ts';
import type { AddressFamily } from './checked-server.ts';

/** `virtual_server_group` of keepalived's configuration: several services of the kernel under one name. */
export interface VirtualServerGroup {
  readonly name: string;
  readonly addresses: readonly { readonly address: string; readonly port: string }[];
  readonly fwmarks: readonly FirewallMark[];
  /**
   * By protocol, the firewall mark that stands for all addresses where keepalived marks their packets itself
   * (`nftables_ipvs`); empty otherwise.
   */
  readonly automaticFwmarks: ReadonlyMap<string, string>;
}

export interface FirewallMark {
  readonly fwmark: string;
  /** Undefined if the group does not set it. */
  readonly family: AddressFamily | undefined;
}

export const groupKeys = ['Virtual Server Group', 'Fwmark TCP', 'VIP', 'VIP Range', 'FWMARK'] as const;

/** Reads ` ------< Virtual server group >------`, as `dump_vsg()` writes it. A malformed member costs that member. */
export function readVirtualServerGroup(block: Block, attempt: Attempt): VirtualServerGroup {
  const values = (...keys: readonly string[]) => block.fields.filter(({ key }) => keys.includes(key));
  const name = requireField(block, 'Virtual Server Group');
  return {
    name: name.value.replace(/, IPv4 = .*$/, ''),
    addresses: values('VIP', 'VIP Range').flatMap((field) => attempt(() => readAddresses(field)) ?? []),
    fwmarks: values('FWMARK').flatMap((field) => attempt(() => readMark(field)) ?? []),
    automaticFwmarks: new Map(values('Fwmark TCP').flatMap((field) => attempt(() => readAutomaticMarks(field)) ?? [])),
  };
}

/** `100` or `100 IPv6` */
function readMark(field: Field): FirewallMark {
  const [, fwmark, family] = /^(\d+)(?: IPv([46]))?$/.exec(field.value) ?? [];
  if (fwmark === undefined) throw unexpectedField(field, 'a firewall mark');
  return { fwmark, family: family === undefined ? undefined : family === '6' ? 'ipv6' : 'ipv4' };
}

/** `Fwmark TCP: 1000 UDP: 0 SCTP: 0`; 0 stands for none. */
function readAutomaticMarks(field: Field): (readonly [string, string])[] {
  const marks = /^(?<tcp>\d+) UDP: (?<udp>\d+) SCTP: (?<sctp>\d+)$/.exec(field.value)?.groups;
  if (!marks) throw unexpectedField(field, 'a firewall mark for each protocol');
  return Object.entries(marks).filter(([, mark]) => mark !== '0');
}

/** `10.0.0.1, VPORT = 80`, `10.0.0.1-10.0.0.9, VPORT = 80` or, before keepalived 2.2.8, `10.0.0.1-9, VPORT = 80`. */
function readAddresses(field: Field): { address: string; port: string }[] {
  const [, first = '', last = first, port] = /^([\da-f.:]+)(?:-([\da-f.:]+))?, VPORT = (\d+)$/.exec(field.value) ?? [];
  const addresses = expandRange(first, last);
  if (!addresses || port === undefined) throw unexpectedField(field, 'addresses and a port');
  return addresses.map((address) => ({ address, port }));
}

/** keepalived counts in the last 16 bits of an IPv6 address only. */
const maxAddresses = 2 ** 16;

/** All addresses of a range, whose end may be its last part alone; undefined if it is none. */
function expandRange(first: string, last: string): string[] | undefined {
  return first.includes(':') ? expandIPv6(first, last) : expandIPv4(first, last);
}

function expandIPv4(first: string, last: string): string[] | undefined {
  const start = parseIPv4(first);
  const end = parseIPv4(last.includes('.') ? last : first.replace(/\d+$/, last));
  return start === undefined || end === undefined ? undefined : count(start, end, formatIPv4);
}

function expandIPv6(first: string, last: string): string[] | undefined {
  const groups = parseIPv6(first);
  const end = last.includes(':') ? parseIPv6(last)?.[7] : Number.parseInt(last, 16);
  if (!groups || end === undefined) return undefined;
  return count(groups[7] ?? 0, end, (number) => formatIPv6([...groups.slice(0, 7), number]));
}

function count(start: number, end: number, format: (number: number) => string): string[] | undefined {
  const length = end - start + 1;
  return length > 0 && length <= maxAddresses ? Array.from({ length }, (_, index) => format(start + index)) : undefined;
}
