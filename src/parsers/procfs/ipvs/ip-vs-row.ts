import { splitWords } from '../../lines.ts';
import { parseDecimal, quote } from '../../numbers.ts';
import { ParseError } from '../../parse-error.ts';
import type { IpVsEndpoint } from './ip-vs-endpoint.ts';

export interface RealServer {
  readonly address: string;
  readonly port: string;
  /** A method that only a patched kernel has is its word in lower case: `fullnat`. */
  readonly forward: string;
  readonly weight: number;
  /** In a state that the protocol counts as active. UDP flows never are. */
  readonly activeConnections: number;
  readonly inactiveConnections: number;
}

/** `ip_vs_fwd_name()` in net/netfilter/ipvs/ip_vs_ctl.c, in the words of ipvsadm's options. */
const forwards: ReadonlyMap<string, string> = new Map([
  ['Route', 'direct'],
  ['Tunnel', 'tunnel'],
  ['Masq', 'masquerade'],
  ['Local', 'local'],
  ['Bypass', 'bypass'],
]);

type ReadEndpoint = (text: string, line: number) => IpVsEndpoint;

/** A table has thousands of these rows: one of the usual form is read character by character, without a match. */
export function parseRealServer(row: string, line: number, read: ReadEndpoint): RealServer {
  return parseUsual(row, line, read) ?? parseUnusual(row, line, read);
}

const arrow = '  -> ';
const [space, zero, nine] = [0x20, 0x30, 0x39];

/** Undefined for what is not as the kernel pads it, for IPv6, and for numbers with a sign. */
function parseUsual(row: string, line: number, read: ReadEndpoint): RealServer | undefined {
  const methodAt = arrow.length + '0A000001:0050'.length;
  if (!row.startsWith(arrow) || row.charCodeAt(methodAt) !== space) return undefined;
  const cursor = new Cursor(row, methodAt);
  const forward = forwards.get(cursor.word());
  const [weight, activeConnections, inactiveConnections] = [cursor.number(), cursor.number(), cursor.number()];
  if (forward === undefined || !cursor.isUsual()) return undefined;
  const { address, port } = read(row.slice(arrow.length, methodAt), line);
  return { address, port, forward, weight, activeConnections, inactiveConnections };
}

/** Beyond so many digits a number is not exact. */
const maxDigits = 15;

class Cursor {
  #at: number;
  #isUsual = true;
  readonly #row: string;

  constructor(row: string, at: number) {
    this.#row = row;
    this.#at = at;
  }

  /** Whether each number was one, and nothing but spaces follows. */
  isUsual(): boolean {
    this.#skipSpaces();
    return this.#isUsual && this.#at === this.#row.length;
  }

  word(): string {
    this.#skipSpaces();
    const start = this.#at;
    this.#at = Math.max(this.#row.indexOf(' ', start), start);
    return this.#row.slice(start, this.#at);
  }

  number(): number {
    this.#skipSpaces();
    const start = this.#at;
    let value = 0;
    for (let code = this.#digit(); code >= zero && code <= nine; code = this.#digit()) {
      value = value * 10 + code - zero;
      this.#at++;
    }
    const digits = this.#at - start;
    if (digits === 0 || digits > maxDigits) this.#isUsual = false;
    return value;
  }

  #digit(): number {
    return this.#row.charCodeAt(this.#at);
  }

  #skipSpaces(): void {
    while (this.#row.charCodeAt(this.#at) === space) this.#at++;
  }
}

function parseUnusual(row: string, line: number, read: ReadEndpoint): RealServer {
  const [, endpoint = '', method = '', weight, active, inactive] = splitColumns(row, line);
  const forward = forwards.get(method) ?? parseOtherMethod(method, line);
  const { address, port } = read(endpoint, line);
  return {
    address,
    port,
    forward,
    weight: parseDecimal(weight, 'Weight', line),
    activeConnections: parseDecimal(active, 'ActiveConn', line),
    inactiveConnections: parseDecimal(inactive, 'InActConn', line),
  };
}

/** Of a kernel with patches: `FullNat`. */
function parseOtherMethod(method: string, line: number): string {
  if (/^[A-Za-z][A-Za-z\d_-]{0,31}$/.test(method)) return method.toLowerCase();
  throw new ParseError(line, `expected a forwarding method, got ${quote(method)}`);
}

function splitColumns(row: string, line: number): readonly string[] {
  const columns = splitWords(row);
  if (columns.length !== 6) throw new ParseError(line, `expected 6 columns, got ${columns.length}`);
  if (columns[0] !== '->') throw new ParseError(line, `expected "->", got ${quote(columns[0])}`);
  return columns;
}
