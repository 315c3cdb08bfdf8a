import { formatIPv4, formatIPv6 } from '../../identity/address.ts';
import { splitLines, splitWords } from '../lines.ts';
import { parseDecimal, quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/** The IPVS table of one network namespace. */
export interface IpVsTable {
  /** Of the IPVS code: `1.2.1`. */
  readonly version: string;
  /** Buckets of the connection hash. Not a limit. 0 before the first service on Linux 7.1 and later. */
  readonly connectionTableBuckets: number;
  readonly virtualServers: readonly VirtualServer[];
}

export interface VirtualServer {
  /** `tcp`, `udp`, `sctp`, `ip_50`, ...; empty for a firewall-mark service. */
  readonly protocol: string;
  /** Empty for a firewall-mark service, as is `port`. */
  readonly address: string;
  readonly port: string;
  /** Decimal, as ipvsadm takes it; empty for an ordinary service. */
  readonly fwmark: string;
  readonly scheduler: string;
  /**
   * `ops`, `persistent`. The timeout of `persistent` is left out: the kernel prints it in jiffies, whose length no
   * file shows. IPv6 services never show `ops`.
   */
  readonly flags: readonly string[];
  readonly realServers: readonly RealServer[];
}

export interface RealServer {
  readonly address: string;
  readonly port: string;
  readonly forward: Forward;
  readonly weight: number;
  /** In a state that the protocol counts as active. UDP flows never are. */
  readonly activeConnections: number;
  readonly inactiveConnections: number;
}

export type Forward = 'direct' | 'tunnel' | 'masquerade' | 'local' | 'bypass';

/** `ip_vs_fwd_name()` in net/netfilter/ipvs/ip_vs_ctl.c, in the words of ipvsadm's options. */
const forwards: ReadonlyMap<string, Forward> = new Map([
  ['Route', 'direct'],
  ['Tunnel', 'tunnel'],
  ['Masq', 'masquerade'],
  ['Local', 'local'],
  ['Bypass', 'bypass'],
]);

/**
 * Parses /proc/net/ip_vs, as `ip_vs_info_seq_show()` in net/netfilter/ipvs/ip_vs_ctl.c writes it. The form is the same
 * in Linux 4.18 to 7.2.
 */
export function parseIpVs(text: string): IpVsTable {
  const lines = splitLines(text);
  const title = /^IP Virtual Server version (\d+\.\d+\.\d+) \(size=(\d+)\)$/.exec(lines[0] ?? '');
  if (!title) throw new ParseError(1, `expected "IP Virtual Server version", got ${quote(lines[0])}`);
  expectHeader(lines, 1, 'Prot LocalAddress:Port Scheduler Flags');
  expectHeader(lines, 2, '-> RemoteAddress:Port Forward Weight ActiveConn InActConn');
  return {
    version: title[1] ?? '',
    connectionTableBuckets: parseDecimal(title[2], 'size', 1),
    virtualServers: parseVirtualServers(lines),
  };
}

const headerLines = 3;

function expectHeader(lines: readonly string[], index: number, header: string): void {
  if (lines[index]?.trim() !== header) {
    throw new ParseError(index + 1, `expected the header "${header}", got ${quote(lines[index])}`);
  }
}

function parseVirtualServers(lines: readonly string[]): VirtualServer[] {
  const virtualServers: VirtualServer[] = [];
  const read = createReadEndpoint();
  let realServers: RealServer[] | undefined;
  for (let index = headerLines; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.startsWith('  ->')) {
      if (!realServers) throw new ParseError(index + 1, 'expected a virtual server before the first real server');
      realServers.push(parseRealServer(line, index + 1, read));
    } else {
      realServers = [];
      virtualServers.push({ ...parseVirtualServer(splitWords(line), index + 1), realServers });
    }
  }
  return virtualServers;
}

function parseVirtualServer(words: readonly string[], line: number): Omit<VirtualServer, 'realServers'> {
  const [protocol = '', endpoint, scheduler, ...rest] = words;
  if (endpoint === undefined || scheduler === undefined) {
    throw new ParseError(line, `expected protocol, address and scheduler, got ${quote(words.join(' '))}`);
  }
  const service = { scheduler, flags: parseFlags(rest) };
  if (protocol === 'FWM') return { protocol: '', address: '', port: '', fwmark: parseMark(endpoint, line), ...service };
  if (!/^(TCP|UDP|SCTP|ICMP|ICMPv6|IP|IP_\d+)$/.test(protocol)) {
    throw new ParseError(line, `expected a protocol, got ${quote(protocol)}`);
  }
  return { protocol: protocol.toLowerCase(), ...parseEndpoint(endpoint, line), fwmark: '', ...service };
}

/** `ops persistent 75000 FFFFFFFF`: words; the numbers behind a word belong to it. */
function parseFlags(words: readonly string[]): string[] {
  return words.filter((word) => /^[a-z]+$/.test(word));
}

function parseMark(text: string, line: number): string {
  if (!/^[\dA-F]{8}$/.test(text)) throw new ParseError(line, `expected a firewall mark, got ${quote(text)}`);
  return String(Number.parseInt(text, 16));
}

function parseRealServer(row: string, line: number, read: typeof parseEndpoint): RealServer {
  const [, endpoint = '', method = '', weight, active, inactive] = splitRealServer(row, line);
  const forward = forwards.get(method);
  if (!forward) throw new ParseError(line, `expected a forwarding method, got ${quote(method)}`);
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

/** A table has thousands of these rows: one expression takes a well-formed one apart faster than splitting it does. */
const realServerRow = /^ {2}-> (\S+) +(\w+) +(-?\d+) +(\d+) +(\d+) *$/;

function splitRealServer(row: string, line: number): readonly string[] {
  const columns = realServerRow.exec(row) ?? splitWords(row);
  if (columns.length !== 6) throw new ParseError(line, `expected 6 columns, got ${columns.length}`);
  return columns;
}

interface Endpoint {
  readonly address: string;
  readonly port: string;
}

/** A machine often serves many virtual servers: each endpoint is parsed once for a table. */
function createReadEndpoint(): typeof parseEndpoint {
  const known = new Map<string, Endpoint>();
  return (text, line) => {
    const earlier = known.get(text);
    if (earlier) return earlier;
    const endpoint = parseEndpoint(text, line);
    known.set(text, endpoint);
    return endpoint;
  };
}

/** `C0A80164:0050` or `[2001:0db8:…:0001]:0050`; the port is hexadecimal in both. */
function parseEndpoint(text: string, line: number): Endpoint {
  const v4 = /^([\dA-F]{8}):([\dA-F]{4})$/.exec(text);
  if (v4) return { address: formatIPv4(hex(v4[1])), port: String(hex(v4[2])) };
  const v6 = /^\[((?:[\da-f]{4}:){7}[\da-f]{4})\]:([\dA-F]{4})$/.exec(text);
  if (v6) return { address: formatIPv6((v6[1] ?? '').split(':').map(hex)), port: String(hex(v6[2])) };
  throw new ParseError(line, `expected an address and a port, got ${quote(text)}`);
}

function hex(digits = ''): number {
  return Number.parseInt(digits, 16);
}
