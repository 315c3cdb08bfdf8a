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

  it('leaves out columns that a later kernel appends', () => {
    const text = `       Total Incoming Outgoing         Incoming         Outgoing
CPU    Conns  Packets  Packets            Bytes            Bytes    Drops
  0        A       1F        0             400                0        3
  ~        A       1F        0             400                0        3
`;
    expect(parseIpVsStatsPerCpu(text)).toEqual(new Map([[0, counted(10, 31, 1024)]]));
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
      'Cannot parse line 4: expected the row "~", got nothing',
    ],
    ['an empty row', `${header}  0 1 2 3 4 5\n\n`, 'Cannot parse line 4: expected the row "~", got ""'],
    ['a row with too few columns', `${header}  0 1 2 3 4\n`, 'Cannot parse line 3: expected 6 columns, got 5'],
    [
      'a row with more columns than the header',
      `${header}  0 1 2 3 4 5 6\n`,
      'Cannot parse line 3: expected 6 columns, got 7',
    ],
    [
      'a sum with too few columns',
      `${header}  0 1 2 3 4 5\n  ~ 1 2\n`,
      'Cannot parse line 4: expected 6 columns, got 3',
    ],
    [
      'a count that is not a number',
      `${header}  0 1 2 3 4 z\n`,
      'Cannot parse line 3: expected outgoing Bytes to be a hexadecimal number, got "z"',
    ],
    [
      'a CPU that is not a number',
      `${header} -1 1 2 3 4 5\n`,
      'Cannot parse line 3: expected CPU to be a hexadecimal number, got "-1"',
    ],
    [
      'a CPU that comes twice',
      `${header}  0 1 2 3 4 5\n  0 1 2 3 4 5\n`,
      'Cannot parse line 4: expected each CPU once, got 0 again',
    ],
    [
      'columns in another order',
      'Total\nCPU Packets Conns Packets Bytes Bytes\n',
      'Cannot parse line 2: expected the header "CPU Conns Packets Packets Bytes Bytes", got "CPU Packets Conns Packets Bytes Bytes"',
    ],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseIpVsStatsPerCpu(text)).toThrow(message);
  });

  it('gives the counters or a ParseError for any text', () => {
    expectParsedOrRefused(parseIpVsStatsPerCpu, recordedText('ip_vs_stats_percpu'));
  });
});
