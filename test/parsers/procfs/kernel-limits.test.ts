import { describe, expect, it } from 'vitest';
import { parseNeighbourStat } from '../../../src/parsers/procfs/neighbour-stat.ts';
import { parseSnmp6Counter } from '../../../src/parsers/procfs/snmp6.ts';
import { parseSockstat } from '../../../src/parsers/procfs/sockstat.ts';
import { parseSoftnetDrops } from '../../../src/parsers/procfs/softnet-stat.ts';
import { parseUdpDrops } from '../../../src/parsers/procfs/udp-sockets.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

/** Linux 6.18, shortened. */
const snmp6 = `Ip6InReceives                   	1
Udp6RcvbufErrors                	12
Udp6RcvbufErrorsOfOthers        	99
`;

describe('parseSnmp6Counter()', () => {
  it('reads a counter by its whole name', () => {
    expect(parseSnmp6Counter(snmp6, 'Udp6RcvbufErrors')).toBe(12);
    expect(parseSnmp6Counter(snmp6, 'Udp6MemErrors')).toBeUndefined();
  });

  it('refuses what is no number', () => {
    expect(() => parseSnmp6Counter('Ip6InReceives 1\nA x\n', 'A')).toThrow(
      'Cannot parse line 2: expected A to be a number, got "x"',
    );
  });

  it('gives a number or a ParseError for any text', () =>
    expectParsedOrRefused((text) => ({ value: parseSnmp6Counter(text, 'Udp6RcvbufErrors') }), snmp6));
});

/** Linux 6.18. */
const sockstat = `sockets: used 88
TCP: inuse 4 orphan 1 tw 11 alloc 4 mem 131
UDP: inuse 0 mem 2
`;

describe('parseSockstat()', () => {
  it('reads a number of a group', () => {
    expect([parseSockstat(sockstat, 'TCP', 'tw'), parseSockstat(sockstat, 'UDP', 'mem')]).toEqual([11, 2]);
    expect([parseSockstat(sockstat, 'TCP', 'other'), parseSockstat(sockstat, 'FRAG', 'memory')]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('refuses a name without a number', () => {
    expect(() => parseSockstat('TCP: inuse 4 tw\n', 'TCP', 'tw')).toThrow('expected tw to be a number, got nothing');
  });

  it('gives a number or a ParseError for any text', () =>
    expectParsedOrRefused((text) => ({ value: parseSockstat(text, 'TCP', 'tw') }), sockstat));
});

/** Linux 6.18, two sockets of one port and one of another that dropped nothing. */
const udp = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops            
  514: 0100007F:0035 00000000:0000 07 00000000:00034B00 00:00000000 00000000     0        0 2098 2 000000003e8c1bd2 12        
  514: 0A00000A:0035 0B00000A:8F20 01 00000000:00000000 00:00000000 00000000     0        0 2099 2 00000000aa8c1bd2 5         
  602: 00000000:008B 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 2100 2 00000000bb8c1bd2 0         
`;

describe('parseUdpDrops()', () => {
  it('adds up the sockets of a port', () => {
    expect([...parseUdpDrops(udp)]).toEqual([['53', 17]]);
  });

  it.each([
    ['another file', 'Iface\n', 'Cannot parse line 1: expected a header that ends with "drops", got "Iface"'],
    [
      'a row without a port',
      `${udp}1: 00 00 07 1\n`,
      'Cannot parse line 5: expected the local port to be a hexadecimal number, got nothing',
    ],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseUdpDrops(text)).toThrow(message);
  });

  it('gives numbers or a ParseError for any text', () => expectParsedOrRefused(parseUdpDrops, udp));
});

/** Linux 6.18 of two processors, and shorter lines of 2.6. */
const softnet = `00000048 00000000 00000007 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000
0000395e 00000010 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000001 00000000 00000000
0000395e 00000001 00000000
`;

describe('parseSoftnetDrops()', () => {
  it('adds up the dropped packets of all processors, without time_squeeze', () => {
    expect(parseSoftnetDrops(softnet)).toBe(17);
  });

  it('refuses a line without them', () => {
    expect(() => parseSoftnetDrops('00000048\n')).toThrow('expected the dropped packets to be a hexadecimal number');
  });

  it('gives a number or a ParseError for any text', () =>
    expectParsedOrRefused((text) => ({ value: parseSoftnetDrops(text) }), softnet));
});

/** Linux 6.18 of two processors. */
const arpCache = `entries  allocs   destroys hash_grows lookups  hits     res_failed rcv_probes_mcast rcv_probes_ucast periodic_gc_runs forced_gc_runs unresolved_discards table_fulls
00000400 00000002 00000000 00000000   00000004 00000000 00000000   00000000         00000000         0000001f         00000000       00000000            00000010
00000400 00000000 00000000 00000000   00000004 00000004 00000000   00000000         00000000         00000000         00000000       00000000            00000001
`;

describe('parseNeighbourStat()', () => {
  it('reads the entries of the table, and adds up how often it was full', () => {
    expect(parseNeighbourStat(arpCache)).toEqual({ entries: 1024, tableFulls: 17 });
  });

  it('reads a kernel that does not count full tables', () => {
    expect(parseNeighbourStat('entries allocs\n00000003 00000001\n')).toEqual({ entries: 3, tableFulls: undefined });
  });

  it.each([
    ['an empty file', ''],
    ['another file', 'cpu\n1\n'],
    ['a header alone', 'entries\n'],
  ])('refuses %s', (_what, text) => {
    expect(() => parseNeighbourStat(text)).toThrow('Cannot parse line 1: expected a header that begins with "entries"');
  });

  it('gives numbers or a ParseError for any text', () => expectParsedOrRefused(parseNeighbourStat, arpCache));
});
