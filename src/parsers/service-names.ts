import { isMap, isScalar, LineCounter, type Pair, parseDocument } from 'yaml';
import { parseAddress } from '../identity/address.ts';
import type { ServiceIdentity } from '../identity/virtual-server.ts';
import { ParseError } from './parse-error.ts';

/** Finds the name of a virtual server. Undefined for one without a name. */
export type FindName = (service: ServiceIdentity) => string | undefined;

/** Largest length of a name, in characters: it is a label of each scrape. */
const maxNameLength = 100;

const expectedLines = 'expected lines such as "203.0.113.80:443: web shop"';
const expectedKey =
  'expected 203.0.113.80:443, "[2001:db8::80]:443", an address alone, udp before one of these, or mark 7';

/**
 * Parses a file with names of virtual servers, in YAML: `203.0.113.80:443: web shop`, `udp 203.0.113.53: resolver`,
 * `mark 7: mail`. The most specific key that fits a virtual server counts.
 */
export function parseServiceNames(text: string): FindName {
  const lines = new LineCounter();
  const { errors, contents } = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  const [error] = errors;
  if (error) throw new ParseError(error.linePos?.[0].line ?? 1, syntaxProblem(error.message));
  if (contents === null || (isScalar(contents) && contents.value === null)) return () => undefined;
  if (!isMap(contents)) throw new ParseError(lineOf(contents, lines), `${expectedLines}, got ${describe(contents)}`);
  const names = collectNames(contents.items, lines);
  return (service) => keysOf(service).flatMap((key) => names.get(key) ?? [])[0];
}

/** Without the lines of the file that it quotes. */
function syntaxProblem(message: string): string {
  const [problem = ''] = message.split(/ at line \d+|\n/);
  return `${problem.slice(0, maxQuoted)}; put a text with brackets, quotes, "#" or ": " in quotes`;
}

function collectNames(pairs: readonly Pair[], lines: LineCounter): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const linesOfKeys = new Map<string, number>();
  for (const { key: written, value } of pairs) {
    const line = lineOf(written, lines);
    const key = readKey(textOf(written) ?? '');
    if (key === undefined) throw new ParseError(line, `${expectedKey}, got ${describe(written)}`);
    const earlier = linesOfKeys.get(key);
    if (earlier !== undefined) {
      throw new ParseError(line, `expected one name for each, got ${describe(written)} as in line ${earlier}`);
    }
    linesOfKeys.set(key, line);
    names.set(key, readName(value, describe(written), line));
  }
  return names;
}

/** What may stand for a virtual server in the file, the most specific first. */
function keysOf({ protocol, address, port, fwmark, family = '' }: ServiceIdentity): string[] {
  if (fwmark !== '') return [toKey('mark', fwmark, family), toKey('mark', fwmark, '')];
  return [port, ''].flatMap((one) => [toKey(protocol, address, one), toKey('', address, one)]);
}

/** What does not matter is empty. */
function toKey(protocol: string, address: string, rest: string): string {
  return `${protocol} ${address} ${rest}`;
}

/** Reads what the file, the status page or ipvsadm has for a virtual server. Undefined for anything else. */
function readKey(text: string): string | undefined {
  const mark = /^(?:firewall mark|fwmark|fwm|mark)\s+(\d+|0x[\da-f]+)(?:\s+\(?(ipv[46])\)?)?$/i.exec(text.trim());
  if (mark) return readMark(Number(mark[1]), mark[2] ?? '');
  const [, protocol = '', place = ''] = /^(?:(tcp|udp|sctp)\s+)?(\S+)$/i.exec(text.trim()) ?? [];
  const [, bracketed, plain = bracketed ?? '', port] = /^(?:\[(.+)\]|([^[\]:]+)):(\d{1,5})$/.exec(place) ?? [];
  const address = parseAddress(port === undefined ? place.replace(/^\[(.*)\]$/, '$1') : plain);
  if (address === undefined || Number(port ?? 0) > maxPort) return undefined;
  return toKey(protocol.toLowerCase(), address, port === undefined ? '' : String(Number(port)));
}

const maxPort = 65_535;

/** A firewall mark has 32 bits, and 0 is none. */
function readMark(mark: number, family: string): string | undefined {
  return mark > 0 && mark < 2 ** 32 ? toKey('mark', String(mark), family.toLowerCase()) : undefined;
}

function readName(node: unknown, key: string, line: number): string {
  const name = textOf(node)?.trim() ?? '';
  const expected = `expected a name on one line for ${key}, of up to ${maxNameLength} characters`;
  if (name.length > maxNameLength) throw new ParseError(line, `${expected}, got ${name.length}`);
  if (name === '' || /\p{Cc}/u.test(name)) throw new ParseError(line, `${expected}, got ${describe(node)}`);
  return name;
}

/** As it is written: YAML reads `7` and `1e3` as numbers. Undefined for what is no single value. */
function textOf(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

function describe(node: unknown): string {
  const text = textOf(node);
  if (text !== undefined) return shorten(JSON.stringify(text));
  return node === null || isScalar(node) ? 'nothing' : 'a list or a section';
}

/** Characters of what is quoted in a message. */
const maxQuoted = 40;

function shorten(text: string): string {
  return text.length > maxQuoted ? `${text.slice(0, maxQuoted)}...` : text;
}

function lineOf(node: unknown, lines: LineCounter): number {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) ? lines.linePos(Number(range[0])).line : 1;
}
