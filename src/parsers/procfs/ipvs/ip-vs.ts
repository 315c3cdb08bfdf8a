import { eachLine, splitWords } from '../../lines.ts';
import { parseDecimal, quote } from '../../numbers.ts';
import { ParseError } from '../../parse-error.ts';
import { createReadEndpoint, parseEndpoint } from './ip-vs-endpoint.ts';
import { parseRealServer, type RealServer } from './ip-vs-row.ts';

/** The IPVS table of one network namespace. */
export interface IpVsTable {
  /** Of the IPVS code: `1.2.1`. */
  readonly version: string;
  /** Buckets of the connection hash. Not a limit. 0 before the first service on Linux 7.1 and later. */
  readonly connectionTableBuckets: number;
  readonly virtualServers: readonly VirtualServer[];
}

/** A table of which virtual servers may be missing. */
export interface IpVsRead extends IpVsTable {
  /** What is wrong with the first row that could not be read. Without its virtual server the table is as read. */
  readonly problem: ParseError | undefined;
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

/**
 * Parses /proc/net/ip_vs, as `ip_vs_info_seq_show()` in net/netfilter/ipvs/ip_vs_ctl.c writes it. The form is the same
 * in Linux 4.18 to 7.2.
 *
 * @throws ParseError where a row cannot be read: what is not in the table is then not known to be absent.
 */
export function parseIpVs(text: string): IpVsTable {
  const steps = parseIpVsStepwise(text);
  for (;;) {
    const step = steps.next();
    if (!step.done) continue;
    const { problem, ...table } = step.value;
    if (problem) throw problem;
    return table;
  }
}

/** Rows of a step: some 0.1 ms of a processor. */
const stepRows = 256;

/** The same step by step. A row that cannot be read costs its virtual server, whose sums would be wrong without it. */
export function* parseIpVsStepwise(text: string): Generator<undefined, IpVsRead> {
  const lines = eachLine(text);
  const header = parseHeader([next(lines), next(lines), next(lines)]);
  const servers = collectServers();
  let number = headerLines;
  for (const line of lines) {
    if (++number % stepRows === 0) yield;
    servers.read(line, number);
  }
  return { ...header, ...servers.result() };
}

function collectServers() {
  const virtualServers: VirtualServer[] = [];
  const read = createReadEndpoint();
  let problem: ParseError | undefined;
  // Those of the last virtual server, or of one that is left out.
  let realServers: RealServer[] | undefined;
  let isLeftOut = false;

  function readRow(line: string, number: number): void {
    if (!line.startsWith(' ')) {
      [realServers, isLeftOut] = [[], true];
      virtualServers.push({ ...parseVirtualServer(splitWords(line), number), realServers });
      isLeftOut = false;
    } else if (!realServers) throw new ParseError(number, 'expected a virtual server before the first real server');
    else if (!isLeftOut) realServers.push(parseRealServer(line, number, read));
  }

  return {
    read(line: string, number: number): void {
      try {
        readRow(line, number);
      } catch (error) {
        if (!(error instanceof ParseError)) throw error;
        problem ??= error;
        if (realServers !== undefined && !isLeftOut) virtualServers.pop();
        isLeftOut = true;
      }
    },
    result: () => ({ virtualServers, problem }),
  };
}

const headerLines = 3;

function next(lines: Iterator<string>): string | undefined {
  const { done, value } = lines.next();
  return done ? undefined : value;
}

function parseHeader([first, second, third]: readonly (string | undefined)[]): Omit<IpVsTable, 'virtualServers'> {
  const title = /^IP Virtual Server version (\d+\.\d+\.\d+) \(size=(\d+)\)$/.exec(first ?? '');
  if (!title) throw new ParseError(1, `expected "IP Virtual Server version", got ${quote(first)}`);
  expectHeader(second, 2, 'Prot LocalAddress:Port Scheduler Flags');
  expectHeader(third, 3, '-> RemoteAddress:Port Forward Weight ActiveConn InActConn');
  return { version: title[1] ?? '', connectionTableBuckets: parseDecimal(title[2], 'size', 1) };
}

function expectHeader(line: string | undefined, number: number, header: string): void {
  if (line?.trim() !== header) throw new ParseError(number, `expected the header "${header}", got ${quote(line)}`);
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
