import type { FlowRecord, IpVersion } from '../../../identity/flow.ts';
import { quote } from '../../numbers.ts';
import { ParseError } from '../../parse-error.ts';
import { type LineWords, peek, take, takeField, takeUnsigned } from './line-words.ts';

const portFields = ['sport', 'dport'] as const;
const keyFields = ['srckey', 'dstkey'] as const;
const icmpFields = ['type', 'code', 'id'] as const;

/** What print_tuple() adds to the addresses of a direction. */
export type TupleFields = typeof portFields | typeof keyFields | typeof icmpFields | readonly [];

/**
 * By l4proto_name(). A kernel that lacks a protocol calls it unknown, whatever its number is: Linux 6.18 does so with
 * DCCP.
 */
const fieldsByName: ReadonlyMap<string, TupleFields> = new Map<string, TupleFields>([
  ['icmp', icmpFields],
  ['icmpv6', icmpFields],
  ['tcp', portFields],
  ['udp', portFields],
  ['udplite', portFields],
  ['sctp', portFields],
  ['dccp', portFields],
  ['gre', keyFields],
  ['unknown', []],
]);

const maxUint8 = 0xff;
const maxUint16 = 0xffff;

/** Takes the name of the protocol. A patched kernel has others, `esp` among them. */
export function takeTupleFields(line: LineWords): TupleFields {
  const name = take(line);
  const fields = fieldsByName.get(name) ?? (/^[a-z][a-z\d]*$/.test(name) ? [] : undefined);
  if (fields === undefined) throw new ParseError(line.number, `expected a protocol, got ${quote(name)}`);
  return fields;
}

/** Takes the addresses of the original direction and what belongs to them. */
export function takeOriginalTuple(line: LineWords, fields: TupleFields, flow: FlowRecord): void {
  takeAddresses(line, flow.family, flow.source, flow.destination);
  if (fields === icmpFields) {
    flow.icmpType = takeUnsigned(line, fields[0], maxUint8);
    flow.icmpCode = takeUnsigned(line, fields[1], maxUint8);
    flow.icmpId = takeUnsigned(line, fields[2], maxUint16);
  } else if (fields.length === 2) {
    takePorts(line, fields, flow.source, flow.destination);
  } else skipForeignFields(line);
}

/** Takes the reply direction, of which a flow holds the addresses and ports. */
export function takeReplyTuple(line: LineWords, fields: TupleFields, flow: FlowRecord): void {
  takeAddresses(line, flow.family, flow.replySource, flow.replyDestination);
  if (fields.length === 2) takePorts(line, fields, flow.replySource, flow.replyDestination);
  else if (fields === icmpFields) for (const name of fields) takeField(line, name);
  else skipForeignFields(line);
}

/** What a protocol that is not known here adds to the addresses. */
function skipForeignFields(line: LineWords): void {
  while (/^(?!src=|packets=|zone|mark=|secctx=|delta-time=|use=)[\w-]+=/.test(peek(line))) line.next++;
}

/** One end of either direction. */
type End = FlowRecord['source'];

function takeAddresses(line: LineWords, family: IpVersion, source: End, destination: End): void {
  parseAddress(takeField(line, 'src'), family, source.address, line);
  parseAddress(takeField(line, 'dst'), family, destination.address, line);
}

function takePorts(line: LineWords, fields: typeof portFields | typeof keyFields, source: End, destination: End): void {
  source.port = takeUnsigned(line, fields[0], maxUint16);
  destination.port = takeUnsigned(line, fields[1], maxUint16);
}

function parseAddress(text: string, family: IpVersion, address: DataView, line: LineWords): void {
  const valid = family === 4 ? assignIPv4(text, address) : assignIPv6(text, address);
  if (!valid) throw new ParseError(line.number, `expected an IPv${family} address, got ${quote(text)}`);
}

/** %pI4 */
function assignIPv4(text: string, address: DataView): boolean {
  const numbers = text.split('.');
  address.setUint32(
    0,
    numbers.reduce((value, number) => value * 256 + Number(number), 0),
  );
  for (let offset = 4; offset < 16; offset += 4) address.setUint32(offset, 0);
  return numbers.length === 4 && numbers.every((number) => /^\d{1,3}$/.test(number) && Number(number) <= maxUint8);
}

/** %pI6: eight groups of four digits, nothing left out. */
function assignIPv6(text: string, address: DataView): boolean {
  const groups = text.split(':');
  for (let i = 0; i < 8; i++) address.setUint16(i * 2, Number(`0x${groups[i]}`));
  return groups.length === 8 && groups.every((group) => /^[\da-f]{4}$/.test(group));
}
