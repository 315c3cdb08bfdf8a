import { describe, expect, it } from 'vitest';
import { parseIpVsStatsPerCpu } from '../../../../src/parsers/procfs/ipvs/ip-vs-stats-percpu.ts';
import { recordedText } from '../../../netlink/ip-vs-messages.ts';
import { expectParsedOrRefused } from '../../hostile-input.ts';

const header = `       Total Incoming Outgoing         Incoming         Outgoing
CPU    Conns  Packets  Packets            Bytes            Bytes
`;
const counted = (connections: number, incomingPackets: number, incomingBytes: number) => {
  return { connections, incomingPackets, outgoingPackets: 0, incomingBytes, outgoingBytes: 0 };
};

describe('parseIpVsStatsPerCpu()', () => {
  it('reads what Linux 6.1 writes', () => {
    expect(parseIpVsStatsPerCpu(recordedText('ip_vs_stats_percpu'))).toEqual(new Map([[0, counted(18, 18, 1014)]]));
  });

  it('reads hexadecimal CPU numbers and counters beyond 2^32', () => {
    const rows = `  F ${'A'.padStart(8)}       1F        0 FFFFFFFFFF                0
 10        1        1        0               28                0
  ~        B       20        0       10000000027                0

     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
           0        0        0                0                0
`;
    expect(parseIpVsStatsPerCpu(`${header}${rows}`)).toEqual(
      new Map([
        [15, counted(10, 31, 2 ** 40 - 1)],
        [16, counted(1, 1, 40)],
      ]),
    );
  });

  it.each([
    ['too few columns', '  1 1 2 3\n'],
    ['a count that is not a number', '  1 1 2 3 4 z\n'],
    ['a CPU that is not a number', ' -1 1 2 3 4 5\n'],
  ])('loses a row with %s, and no other', (_what, row) => {
    const rows = `  0 A 1F 0 28 0\n${row}  2 1 1 0 28 0\n  ~ B 20 0 50 0\n\n`;
    expect([...parseIpVsStatsPerCpu(`${header}${rows}`).keys()]).toEqual([0, 2]);
  });

  it.each([
    [
      'an empty file',
      '',
      'Cannot parse line 2: expected the header "CPU Conns Packets Packets Bytes Bytes", got nothing',
    ],
    [
      'a file that ends before the sum',
      `${header}  0 1 2 3 4 5\n`,
      'Cannot parse line 4: expected the row "~", got the end of the file',
    ],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseIpVsStatsPerCpu(text)).toThrow(message);
  });

  it('gives the counters or a ParseError for any text', () => {
    expectParsedOrRefused(parseIpVsStatsPerCpu, recordedText('ip_vs_stats_percpu'));
  });
});
