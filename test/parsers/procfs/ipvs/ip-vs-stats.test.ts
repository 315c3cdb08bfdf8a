import { describe, expect, it } from 'vitest';
import { parseIpVsStats } from '../../../../src/parsers/procfs/ipvs/ip-vs-stats.ts';
import { expectParsedOrRefused } from '../../hostile-input.ts';

/** A director of the lab, Linux 6.1. */
const direct = `   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
    1755     870F        0           2209B0                0

 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
      ED      5B1        0            16F12                0
`;

describe('parseIpVsStats()', () => {
  it('reads the totals, in hexadecimal', () => {
    expect(parseIpVsStats(direct)).toEqual({
      connections: 0x1755,
      incomingPackets: 0x870f,
      outgoingPackets: 0,
      incomingBytes: 0x2209b0,
      outgoingBytes: 0,
    });
  });

  it('reads totals beyond 2^32', () => {
    const wide = direct.replace(
      '    1755     870F        0           2209B0',
      '12345678A 12345678B        0   123456789ABC00',
    );
    expect(parseIpVsStats(wide)).toEqual({
      connections: 0x12345678a,
      incomingPackets: 0x12345678b,
      outgoingPackets: 0,
      incomingBytes: 0x123456789abc00,
      outgoingBytes: 0,
    });
  });

  it.each([
    ['an empty file', '', 'Cannot parse line 1: expected the header "Total Incoming Outgoing", got nothing'],
    ['another file', 'x\n', 'Cannot parse line 1: expected the header "Total Incoming Outgoing", got "x"'],
    [
      'a file that ends after its first header',
      direct.split('\n').slice(0, 1).join('\n').concat('\n'),
      'Cannot parse line 2: expected the header "Conns Packets Packets Bytes Bytes", got nothing',
    ],
    [
      'a file without its totals',
      direct.split('\n').slice(0, 2).join('\n').concat('\n'),
      'Cannot parse line 3: expected 5 columns, got 0',
    ],
    [
      'a total that is not hexadecimal',
      direct.replace('870F', '870G'),
      'Cannot parse line 3: expected incoming Packets to be a hexadecimal number, got "870G"',
    ],
    [
      'a total with a sign',
      direct.replace(' 870F', '-870F'),
      'Cannot parse line 3: expected incoming Packets to be a hexadecimal number, got "-870F"',
    ],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseIpVsStats(text)).toThrow(message);
  });

  it('gives totals or a ParseError for any text', () => expectParsedOrRefused(parseIpVsStats, direct));
});
