import { formatIPv4, parseAddress } from '../../../identity/address.ts';
import type { ChunkParser } from '../../chunk-parser.ts';
import { splitWords } from '../../lines.ts';
import { quote } from '../../numbers.ts';
import { ParseError } from '../../parse-error.ts';

/** What an entry of the IPVS connection table is. Its client is not read. */
export interface IpVsConnection extends ConnectionKind {
  /** Seconds that its timer still has. */
  readonly seconds: number;
  /** The virtual server and the real server, as the file has them: `0A000065 0050`. */
  readonly virtualServer: string;
  readonly realServer: string;
}

/** What connections have in common. */
export interface ConnectionKind {
  /** `tcp`, `udp`, `sctp`, ...; `ip` for the template of a firewall-mark service. */
  readonly protocol: string;
  /** `established`; empty for a protocol without states. Of a template `none` or, since Linux 4.19, `assured`. */
  readonly state: string;
  /** Whether it was made on this director or received from another one. */
  readonly origin: 'local' | 'sync';
  /** Whether it keeps a client with its real server, and is no connection. */
  readonly template: boolean;
}

/** Far longer than the kernel's lines: text that goes on like this is not the file. */
const maxLineLength = 4096;

const header = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires';

/**
 * Parses /proc/net/ip_vs_conn_sync while it is read, and hands each entry to `visit`.
 *
 * It has the rows of /proc/net/ip_vs_conn, with their origin, and lacks the data of persistence engines, such as
 * the identifiers of SIP calls. Source: ip_vs_conn_sync_seq_show() in net/netfilter/ipvs/ip_vs_conn.c.
 *
 * The rows are in the order of a hash table, which a random secret decides: the first of them are a random sample.
 */
export function createIpVsConnSyncParser(visit: (connection: IpVsConnection) => void): ChunkParser {
  let number = 0;
  let rest = '';
  function addLine(line: string): void {
    number++;
    if (number > 1) visit(parseRow(line, number));
    else if (line !== header) throw new ParseError(1, `expected the header "${header}", got ${quote(line)}`);
  }
  return {
    add(part) {
      const lines = (rest + part).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(addLine);
      if (rest.length > maxLineLength) throw new ParseError(number + 1, 'expected a line end, got a line without one');
    },
    end() {
      if (rest !== '') throw new ParseError(number + 1, 'expected a line end, got the end of the file');
      if (number === 0) throw new ParseError(1, `expected the header "${header}", got nothing`);
    },
  };
}

const address = '[\\dA-F]{8}|[\\da-f:]{39}';
const port = '[\\dA-F]{4}';

/** Columns, and what is in them. A real server need not have the address family of its clients. */
const columns = [
  ['a protocol', 'TCP|UDP|SCTP|ICMP|ICMPv6|IP|IP_\\d{1,3}'],
  ['the address of a client', address],
  ['the port of a client', port],
  ['the address of a virtual server', address],
  ['the port of a virtual server', port],
  ['the address of a real server', address],
  ['the port of a real server', port],
  ['a state', '[A-Z][A-Z\\d_-]{0,30}!?|\\?'],
  ['an origin', 'LOCAL|SYNC'],
  ['a time', '\\d+'],
] as const;
const row = new RegExp(`^\\s*${columns.map(([, pattern]) => `(${pattern})`).join('\\s+')}\\s*$`);

function parseRow(line: string, number: number): IpVsConnection {
  const words = row.exec(line);
  if (!words) throw refusal(line, number);
  const [, protocol = '', , clientPort, ip, vport, address, rport, state = '', origin, seconds] = words;
  return {
    protocol: protocol.toLowerCase(),
    // UDP has one state, UDP.
    state: state === protocol ? '' : state.toLowerCase(),
    origin: origin === 'SYNC' ? 'sync' : 'local',
    // A template is for whatever port the client comes from. Its flag is not shown.
    template: clientPort === '0000',
    seconds: Number(seconds),
    virtualServer: `${ip} ${vport}`,
    realServer: `${address} ${rport}`,
  };
}

function refusal(line: string, number: number): ParseError {
  const words = splitWords(line);
  const wrong = columns.findIndex(([, pattern], index) => !new RegExp(`^(${pattern})$`).test(words[index] ?? ''));
  const expected = columns[wrong]?.[0] ?? 'the end of the line';
  return new ParseError(number, `expected ${expected}, got ${quote(words.at(wrong))}`);
}

/** The address and the port of a server, which the rows have in hexadecimal. */
export function readServer(text: string): { readonly address: string; readonly port: string } {
  const [address = '', port = ''] = text.split(' ');
  const isIPv6 = address.includes(':');
  return {
    address: isIPv6 ? (parseAddress(address) ?? address) : formatIPv4(Number.parseInt(address, 16)),
    port: String(Number.parseInt(port, 16)),
  };
}
