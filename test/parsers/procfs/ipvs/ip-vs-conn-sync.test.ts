import { describe, expect, it } from 'vitest';
import {
  type ConnectionKind,
  createIpVsConnSyncParser,
  type IpVsConnection,
  readServer,
} from '../../../../src/parsers/procfs/ipvs/ip-vs-conn-sync.ts';
import { recordedText } from '../../../netlink/ip-vs-messages.ts';
import { expectParsedOrRefused } from '../../hostile-input.ts';

const header = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n';
const v6 = (last: string) => `fd00:0010:0000:0000:0000:0000:0000:${last}`;

/** Parses a text that comes in parts of so many characters. */
function parseRows(text: string, length = text.length || 1): IpVsConnection[] {
  const connections: IpVsConnection[] = [];
  const parser = createIpVsConnSyncParser((connection) => connections.push(connection));
  for (let start = 0; start < text.length; start += length) parser.add(text.slice(start, start + length));
  parser.end();
  return connections;
}

/** What they are, without their servers and times. */
function parse(text: string, length?: number): ConnectionKind[] {
  return parseRows(text, length).map(({ protocol, state, origin, template }) => ({
    protocol,
    state,
    origin,
    template,
  }));
}

const connection = (protocol: string, state: string, rest: Partial<ConnectionKind> = {}): ConnectionKind => {
  return { protocol, state, origin: 'local', template: false, ...rest };
};
const finished = connection('tcp', 'fin_wait', { origin: 'sync' });

const recorded = [
  connection('udp', ''),
  connection('tcp', 'established'),
  connection('ip', 'none', { template: true }),
  connection('tcp', 'syn_recv'),
  ...[finished, finished, finished, finished, finished],
  connection('udp', ''),
  connection('udp', ''),
  connection('tcp', 'established'),
  finished,
  connection('udp', 'none', { template: true }),
  finished,
  connection('udp', ''),
  finished,
];

describe('createIpVsConnSyncParser()', () => {
  it('reads the servers and the remaining time of a connection', () => {
    const [udp, tcp] = parseRows(recordedText('ip_vs_conn_sync'));
    const servers = [udp, tcp].map((one) => [one?.virtualServer, one?.realServer].map((text = '') => readServer(text)));
    expect([udp?.seconds, tcp?.seconds]).toEqual([290, 890]);
    expect(servers).toEqual([
      [
        { address: '10.0.0.101', port: '5060' },
        { address: '10.0.0.12', port: '5060' },
      ],
      [
        { address: 'fd00:10::101', port: '80' },
        { address: 'fd00:10::12', port: '80' },
      ],
    ]);
  });

  it.each([1, 7, 100, 4096])('reads what Linux 6.1 writes, in parts of %d characters', (length) => {
    expect(parse(recordedText('ip_vs_conn_sync'), length)).toEqual(recorded);
  });

  it.each([
    [
      'a template of which a connection was established, of Linux 4.20 and later',
      'TCP 0A000000 0000 0A000065 01BB 0A00000B 01BB ASSURED     SYNC       598',
      connection('tcp', 'assured', { template: true, origin: 'sync' }),
    ],
    [
      'a UDP template of an earlier one',
      'UDP 0A000000 0000 0A000065 0035 0A00000B 0035 UDP         LOCAL      298',
      connection('udp', '', { template: true }),
    ],
    [
      'a real server of another family',
      `TCP 0A00000A 8F20 0A000065 0050 ${v6('0011')} 0050 SYN_RECV    LOCAL       58`,
      connection('tcp', 'syn_recv'),
    ],
    [
      'a state with a dash',
      'SCTP 0A00000A 8F20 0A000065 0F1C 0A00000B 0F1C C-ECHOED    LOCAL       58',
      connection('sctp', 'c-echoed'),
    ],
    [
      'a state with a long name, of Linux before 3.10',
      'SCTP 0A00000A 8F20 0A000065 0F1C 0A00000B 0F1C SHUTDOWN_ACK_SER LOCAL       58',
      connection('sctp', 'shutdown_ack_ser'),
    ],
    [
      'a state that the kernel has no name for',
      'IP_50 0A00000A 01F4 0A000065 01F4 0A00000B 01F4 ERR!        LOCAL       58',
      connection('ip_50', 'err!'),
    ],
  ])('reads %s', (_what, row, expected) => {
    expect(parse(`${header}${row}\n`)).toEqual([expected]);
  });

  it('reads a table without connections', () => {
    expect(parse(header)).toEqual([]);
  });

  const row = 'TCP 0A00000A 8F20 0A000065 0050 0A00000B 0050 ESTABLISHED LOCAL      898';
  it.each([
    ['an empty file', '', `line 1: expected the header "${header.trim()}", got nothing`],
    ['another file', 'Pro\n', `line 1: expected the header "${header.trim()}", got "Pro"`],
    ['a file that was cut off', `${header}${row}`, 'line 2: expected a line end, got the end of the file'],
    ['a line without end', `${header}${'x'.repeat(5000)}`, 'line 2: expected a line end, got a line without one'],
    ['a protocol that is none', `${header}\n`, 'line 2: expected a protocol, got nothing'],
    [
      'an address that is none',
      `${header}${row.replace('0A00000B', '10.0.0.11')}\n`,
      'line 2: expected the address of a real server, got "10.0.0.11"',
    ],
    ['a row that ends early', `${header}TCP 0A00000A\n`, 'line 2: expected the port of a client, got nothing'],
    ['a row that goes on', `${header}${row}\n${row} sip\n`, 'line 3: expected the end of the line, got "sip"'],
    ['a row of ip_vs_conn', `${header}${row.replace('LOCAL ', '')}\n`, 'line 2: expected an origin, got "898"'],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parse(text)).toThrow(`Cannot parse ${message}`);
  });

  it('gives connections or a ParseError for any text', () => {
    expectParsedOrRefused((text) => parse(text, 50), recordedText('ip_vs_conn_sync'));
  });
});
