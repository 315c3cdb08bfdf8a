import { describe, expect, it } from 'vitest';
import { parseNetstatCounter } from '../../../src/parsers/procfs/netstat.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

/** Linux 6.18, shortened. */
const netstat = `TcpExt: SyncookiesSent IPReversePathFilter TW
TcpExt: 0 17 1256
IpExt: InNoRoutes InOctets
IpExt: 0 18446744073709551615
`;

const parse = (text: string) => parseNetstatCounter(text, 'TcpExt', 'IPReversePathFilter');

describe('parseNetstatCounter()', () => {
  it('reads a counter of a group', () => {
    expect(parse(netstat)).toBe(17);
  });

  it('has no value for a counter that this kernel does not have', () => {
    expect(parseNetstatCounter(netstat, 'TcpExt', 'TCPOther')).toBeUndefined();
  });

  it.each([
    ['an empty file', '', 'Cannot parse line 1: expected a line that starts with "TcpExt: "'],
    ['another group alone', 'IpExt: A\nIpExt: 1\n', 'Cannot parse line 1: expected a line that starts with "TcpExt: "'],
    ['too few values', 'TcpExt: A B\nTcpExt: 1\n', 'Cannot parse line 2: expected 2 values of TcpExt, got "TcpExt: 1"'],
    [
      'what is no number',
      'TcpExt: IPReversePathFilter\nTcpExt: x\n',
      'Cannot parse line 2: expected IPReversePathFilter to be a number, got "x"',
    ],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it('gives a number or a ParseError for any text', () =>
    expectParsedOrRefused((text) => ({ value: parse(text) }), netstat));
});
