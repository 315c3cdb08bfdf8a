import { parseDecimal, quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';
import { asUnsigned, minSigned } from './signed.ts';
import { type Attempt, createSkipped, type Skipped } from './skipped.ts';
import type { VrrpCounters, VrrpErrorKind } from './vrrp/vrrp-instance.ts';

/** Content of keepalived.stats on VRRP. */
export interface KeepalivedStats {
  /** By the name of the instance. */
  readonly counters: ReadonlyMap<string, VrrpCounters>;
  readonly skipped: Skipped;
}

/**
 * Parses keepalived.stats, as `vrrp_print_stats()` in keepalived/vrrp/vrrp_print.c writes it: the counters of each VRRP
 * instance by its name. The form is the same in keepalived 1.2 to 2.4, but for the line ends that 2.0.0 to 2.0.5 leave out;
 * what a version adds is ignored. A malformed counter costs that counter.
 *
 * @throws ParseError where there is no instance, as in a file that keepalived has just opened to write.
 */
export function parseKeepalivedStats(text: string): KeepalivedStats {
  const { attempt, skip, summary } = createSkipped();
  // keepalived 2.0.0 to 2.0.5 write no line end at all.
  const records = splitRecords(divideLines(text.includes('\n') ? text : `${text}\n`), skip);
  if (records.length === 0) throw new ParseError(1, 'expected "VRRP Instance: ", got the end of the file');
  return {
    counters: new Map(records.map((record) => [record.name, readCounters(record, attempt)])),
    skipped: summary(),
  };
}

/** Puts the line ends where they are missing. */
function divideLines(text: string): string {
  return text.replace(beforeLine, '$&\n');
}

const headings = ['Advertisements', 'Packet Errors', 'Authentication Errors', 'Authentication Extension Errors'];
const totals = ['Became master', 'Released master', 'Priority Zero'];

/** The character before what begins a line and does not. */
const beforeLine = new RegExp(
  String.raw`[^\n](?=VRRP Instance: )|[^\n ](?= {2}(?:${[...headings, ...totals].join('|')}):| {4}[A-Z][A-Za-z ]*: )`,
  'g',
);

interface InstanceLines {
  name: string;
  readonly line: number;
  /** By path: `Became master`, `Packet Errors/TTL`. */
  readonly values: Map<string, { readonly text: string; readonly line: number }>;
}

/** An instance begins with its name, or with a second list of advertisements, where the line with the name is missing. */
function splitRecords(text: string, skip: (problem: ParseError) => void): InstanceLines[] {
  const records: InstanceLines[] = [];
  let heading = '';
  const lines = text.split('\n');
  // One that has no line end may have been cut off.
  const last = lines.pop();
  if (last) skip(new ParseError(lines.length + 1, 'expected a line end, got the end of the file'));
  for (const [index, content] of lines.entries()) {
    const line = index + 1;
    const record = records.at(-1);
    const [, indent = '', key = '', value] = /^((?: {2}){0,2})([^ :][^:]*):(?: (.*))?$/.exec(content) ?? [];
    const isAgain = indent.length === 2 && record?.values.has(key) === true && content !== lines[index - 1];
    if (indent === '' && key === 'VRRP Instance') records.push({ name: value ?? '', line, values: new Map() });
    // A name may hold a line end.
    else if (record && record.values.size === 0 && !content.startsWith('  ')) record.name += `\n${content}`;
    else if (isAgain && key === 'Advertisements') records.push({ name: '', line, values: new Map() });
    if (indent.length === 2) heading = key;
    const path = indent.length === 2 ? key : `${heading}/${key}`;
    const { values } = records.at(-1) ?? {};
    if (indent !== '' && !values?.has(path)) values?.set(path, { text: value ?? '', line });
  }
  return records.filter(({ name, line, values }) => {
    const isRead = name !== '' && values.size > 0;
    if (!isRead) skip(new ParseError(line, 'expected "VRRP Instance: ", a name and counters'));
    return isRead;
  });
}

function readCounters({ name, line, values }: InstanceLines, attempt: Attempt): VrrpCounters {
  const count = (path: string) => attempt(() => parseCount(values.get(path), path, name, line));
  return {
    becameMaster: count('Became master'),
    releasedMaster: count('Released master'),
    advertisementsReceived: count('Advertisements/Received'),
    advertisementsSent: count('Advertisements/Sent'),
    priorityZeroReceived: count('Priority Zero/Received'),
    priorityZeroSent: count('Priority Zero/Sent'),
    errors: new Map(
      errorPaths.flatMap(([path, kind]) => {
        const errors = values.has(path) ? count(path) : undefined;
        return errors === undefined ? [] : [[kind, errors]];
      }),
    ),
  };
}

function parseCount(
  value: { text: string; line: number } | undefined,
  path: string,
  name: string,
  line: number,
): number {
  if (!value) throw new ParseError(line, `expected "${path}" of VRRP instance ${quote(name)}, got nothing`);
  const count = parseDecimal(value.text, `"${path}"`, value.line);
  if (count < minSigned)
    throw new ParseError(value.line, `expected "${path}" to be at least ${minSigned}, got ${count}`);
  return asUnsigned(count);
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
  // Its name in keepalived 2.4.0.
  ['Authentication Extension Errors/Invalid MAC', 'authentication_extension_invalid_hmac'],
  ['Authentication Extension Errors/Invalid HMAC', 'authentication_extension_invalid_hmac'],
  ['Authentication Extension Errors/Stale', 'authentication_extension_stale'],
  ['Authentication Extension Errors/Replay', 'authentication_extension_replay'],
];
