import { splitLines } from '../lines.ts';
import { parseDecimal, quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';
import type { VrrpCounters, VrrpErrorKind } from './vrrp-instance.ts';

/**
 * Parses keepalived.stats, as `vrrp_print_stats()` in keepalived/vrrp/vrrp_print.c writes it: the counters of each VRRP
 * instance by its name. The form is the same in keepalived 1.3 to 2.4; what a version adds is ignored.
 */
export function parseKeepalivedStats(text: string): ReadonlyMap<string, VrrpCounters> {
  const records: InstanceLines[] = [];
  let heading = '';
  for (const [index, line] of splitLines(text).entries()) {
    const { indent, key, value } = splitLine(line, index + 1);
    if (indent === 0) records.push(startRecord(key, value, index + 1));
    else if (indent === 2 && value === undefined) heading = `${key}/`;
    else {
      const path = indent === 2 ? key : heading + key;
      records.at(-1)?.values.set(path, { text: value, line: index + 1 });
    }
  }
  // Of a file that keepalived has just opened to write, too.
  if (records.length === 0) throw new ParseError(1, 'expected "VRRP Instance: ", got the end of the file');
  return new Map(records.map((record) => [record.name, readCounters(record)]));
}

interface InstanceLines {
  readonly name: string;
  readonly line: number;
  /** By path: `Became master`, `Packet Errors/TTL`. */
  readonly values: Map<string, { readonly text: string | undefined; readonly line: number }>;
}

function splitLine(line: string, number: number): { indent: number; key: string; value: string | undefined } {
  const [, indent = '', key = '', value] = /^((?: {2}){0,2})([^ :][^:]*):(?: (.*))?$/.exec(line) ?? [];
  if (key === '') throw new ParseError(number, `expected a name and a colon, got ${quote(line)}`);
  return { indent: indent.length, key, value };
}

function startRecord(key: string, name: string | undefined, line: number): InstanceLines {
  if (key !== 'VRRP Instance' || !name) {
    throw new ParseError(line, `expected "VRRP Instance: " and a name, got ${quote(`${key}: ${name ?? ''}`)}`);
  }
  return { name, line, values: new Map() };
}

function readCounters({ name, line, values }: InstanceLines): VrrpCounters {
  const count = (path: string) => {
    const value = values.get(path);
    if (!value) throw new ParseError(line, `expected "${path}" of VRRP instance ${quote(name)}, got nothing`);
    return parseCount(value.text, path, value.line);
  };
  return {
    becameMaster: count('Became master'),
    releasedMaster: count('Released master'),
    advertisementsReceived: count('Advertisements/Received'),
    advertisementsSent: count('Advertisements/Sent'),
    priorityZeroReceived: count('Priority Zero/Received'),
    priorityZeroSent: count('Priority Zero/Sent'),
    errors: new Map(errorPaths.filter(([path]) => values.has(path)).map(([path, kind]) => [kind, count(path)])),
  };
}

function parseCount(text: string | undefined, path: string, line: number): number {
  const value = parseDecimal(text, `"${path}"`, line);
  if (value < 0) throw new ParseError(line, `expected "${path}" to be at least 0, got ${value}`);
  return value;
}

/** Those of authentication are left out by a keepalived that was built without it. */
const errorPaths: readonly (readonly [string, VrrpErrorKind])[] = [
  ['Packet Errors/Length', 'packet_length'],
  ['Packet Errors/TTL', 'ttl'],
  ['Packet Errors/Invalid Type', 'invalid_type'],
  ['Packet Errors/Advertisement Interval', 'advertisement_interval'],
  ['Packet Errors/Address List', 'address_list'],
  ['Authentication Errors/Invalid Type', 'invalid_authentication_type'],
  ['Authentication Errors/Type Mismatch', 'authentication_type_mismatch'],
  ['Authentication Errors/Failure', 'authentication_failure'],
  ['Authentication Extension Errors/Missing', 'authentication_extension_missing'],
  ['Authentication Extension Errors/Malformed', 'authentication_extension_malformed'],
  ['Authentication Extension Errors/Unknown Key', 'authentication_extension_unknown_key'],
  ['Authentication Extension Errors/Invalid HMAC', 'authentication_extension_invalid_hmac'],
  ['Authentication Extension Errors/Stale', 'authentication_extension_stale'],
  ['Authentication Extension Errors/Replay', 'authentication_extension_replay'],
];
