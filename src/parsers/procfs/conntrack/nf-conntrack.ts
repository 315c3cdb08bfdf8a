import {
  clearFlow,
  createFlow,
  type Flow,
  type FlowRecord,
  type ReadingOptions,
  type TableReading,
} from '../../../identity/flow.ts';
import { statesByProtocol } from '../../../identity/protocol.ts';
import { max64Bits, quote } from '../../numbers.ts';
import { ParseError } from '../../parse-error.ts';
import {
  hasField,
  type LineWords,
  parseUnsigned,
  peek,
  take,
  takeField,
  takeOptional,
  takeUnsigned,
  takeWord,
  unexpectedWord,
} from './line-words.ts';
import { takeOriginalTuple, takeReplyTuple, takeTupleFields } from './nf-conntrack-tuple.ts';

/** Far longer than the kernel's lines: text that goes on like this is not the file. */
const maxLineLength = 4096;

const maxUint8 = 0xff;
const maxUint16 = 0xffff;
const maxUint32 = 0xffff_ffff;

/**
 * Parses /proc/net/nf_conntrack while it is read, and hands each flow to `visit`: the same object every time, which
 * must not be kept. The file of a large table has hundreds of megabytes and is never held as a whole.
 *
 * Its lines are in the order of the hash table, which a random secret decides: the first `limit` are a random sample.
 * The kernel writes it piece by piece and does not show when the table changed in between.
 *
 * @throws ParseError; whatever `chunks` and `visit` throw.
 */
export async function parseNfConntrack(
  chunks: AsyncIterable<string>,
  visit: (flow: Flow) => void,
  { family, limit = Number.POSITIVE_INFINITY }: ReadingOptions = {},
): Promise<TableReading> {
  const flow = createFlow();
  let entries = 0;
  let number = 0;
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      parseNfConntrackLine(text, ++number, flow);
      if (family !== undefined && flow.family !== family) continue;
      if (entries >= limit) return { entries, complete: false, interrupted: false };
      entries++;
      visit(flow);
    }
    if (rest.length > maxLineLength) throw new ParseError(number + 1, `expected a line end, got ${quote(rest)}`);
  }
  if (rest !== '') throw new ParseError(number + 1, 'expected a line end, got the end of the file');
  return { entries, complete: true, interrupted: false };
}

/**
 * Parses one line, without its line end, into `flow`: everything in it is set or cleared.
 *
 * Source: ct_seq_show() in net/netfilter/nf_conntrack_standalone.c. What a kernel is not configured for it leaves out:
 * `mark=`, `secctx=`, the zones, `delta-time=`. Fields and flags that are not known here cost nothing.
 */
export function parseNfConntrackLine(text: string, number: number, flow: FlowRecord): void {
  const words = text.split(/ +/);
  try {
    parseWords({ number, words, next: 0 }, flow);
  } catch (error) {
    const known = words.filter(isKnownWord);
    if (!(error instanceof ParseError) || known.length === words.length) throw error;
    parseWords({ number, words: known, next: 0 }, flow);
  }
}

const knownWords: ReadonlySet<string> = new Set([
  ...['[UNREPLIED]', '[ASSURED]', '[OFFLOAD]', '[HW_OFFLOAD]', 'src', 'dst', 'sport', 'dport', 'type', 'code', 'id'],
  ...['srckey', 'dstkey', 'timeout', 'stream_timeout', 'packets', 'bytes', 'mark', 'secctx', 'zone', 'zone-orig'],
  ...['zone-reply', 'delta-time', 'use'],
]);

/** A later kernel may write more fields and flags, and a patched one a blank at the end. They are looked for only where a line is not as it should be. */
function isKnownWord(word: string): boolean {
  if (word === '') return false;
  const [, name = word] = /^([\w-]+)=/.exec(word) ?? [];
  return !/^(?:[\w-]+=|\[[\w-]+\]$)/.test(word) || knownWords.has(name);
}

function parseWords(line: LineWords, flow: FlowRecord): void {
  clearFlow(flow);
  flow.family = takeFamily(line);
  const fields = takeTupleFields(line);
  flow.protocol = parseUnsigned(take(line), 'the protocol', maxUint8, line);
  flow.remainingSeconds = takeSeconds(line);
  flow.state = takeProtocolInfo(line, flow.protocol);

  takeOriginalTuple(line, fields, flow);
  flow.originalZone = takeOptional(line, 'zone-orig', maxUint16) ?? 0;
  flow.originalPackets = takePackets(line);
  flow.replied = !takeWord(line, '[UNREPLIED]');
  takeReplyTuple(line, fields, flow);
  flow.replyZone = takeOptional(line, 'zone-reply', maxUint16) ?? 0;
  flow.replyPackets = takePackets(line);

  flow.offloaded = takeWord(line, '[HW_OFFLOAD]') || takeWord(line, '[OFFLOAD]');
  // The kernel shows one of the flags alone. To be offloaded, TCP and GRE must be assured, and so must UDP in both directions.
  flow.assured = takeWord(line, '[ASSURED]') || (flow.offloaded && flow.replied);
  flow.mark = takeOptional(line, 'mark', maxUint32) ?? 0;
  skipSecurityContext(line);
  const zone = takeOptional(line, 'zone', maxUint16);
  if (zone !== undefined) {
    flow.originalZone = zone;
    flow.replyZone = zone;
  }
  flow.ageSeconds = takeOptional(line, 'delta-time', max64Bits);
  takeUnsigned(line, 'use', maxUint32);
  while (/^[\w-]+=/.test(peek(line))) line.next++;
  if (line.next < line.words.length) throw unexpectedWord(line, 'the end of the line');
  if (flow.remainingSeconds === undefined && !flow.offloaded) {
    throw new ParseError(line.number, 'expected a timeout, which only an offloaded flow lacks');
  }
}

function takeFamily(line: LineWords): FlowRecord['family'] {
  const start = `${take(line)} ${take(line)}`;
  if (start === 'ipv4 2') return 4;
  if (start === 'ipv6 10') return 6;
  throw new ParseError(line.number, `expected "ipv4 2" or "ipv6 10", got ${quote(start)}`);
}

/** Before Linux 4.8, an entry whose timer is late shows a number below 0. */
function takeSeconds(line: LineWords): number | undefined {
  if (/^-\d+$/.test(peek(line))) {
    take(line);
    return 0;
  }
  const isNumber = /^\d/.test(peek(line));
  return isNumber ? parseUnsigned(take(line), 'the timeout', maxUint32, line) : undefined;
}

/** The state, for protocols that have one. GRE has its two timeouts in this place. */
function takeProtocolInfo(line: LineWords, protocol: number): string {
  if (hasField(line, 'timeout')) {
    take(line);
    takeField(line, 'stream_timeout');
    return '';
  }
  return statesByProtocol.has(protocol) && /^[A-Z][A-Z\d_]*$/.test(peek(line)) ? take(line) : '';
}

/** Both counters of a direction, or neither. */
function takePackets(line: LineWords): number | undefined {
  const packets = takeOptional(line, 'packets', max64Bits);
  if (packets !== undefined) takeField(line, 'bytes');
  return packets;
}

/** `secctx=` is whatever a security module calls the flow, with blanks in AppArmor's case. */
function skipSecurityContext(line: LineWords): void {
  if (!hasField(line, 'secctx')) return;
  while (line.next < line.words.length && !/^(zone|delta-time|use)=/.test(peek(line))) line.next++;
}
