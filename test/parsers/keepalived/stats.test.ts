import { describe, expect, it } from 'vitest';
import { parseKeepalivedStats } from '../../../src/parsers/keepalived/stats.ts';
import type { VrrpCounters } from '../../../src/parsers/keepalived/vrrp/vrrp-instance.ts';
import { ParseError } from '../../../src/parsers/parse-error.ts';
import { counted, errorKinds, extensionErrorKinds, readDump } from '../../keepalived/fixtures.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

const recorded = new Map([
  ['VI_web', counted('master')],
  ['VI_web6', counted('master')],
  ['VI_db', counted('backup')],
  ['VI_mail', counted('fault')],
]);

/** Line numbers distinguish the counters. */
const numbered = `VRRP Instance: VI_1
  Advertisements:
    Received: 3
    Sent: 4
  Became master: 5
  Released master: 6
  Packet Errors:
    Length: 8
    TTL: 9
    Invalid Type: 10
    Advertisement Interval: 11
    Address List: 12
  Authentication Errors:
    Invalid Type: 14
    Type Mismatch: 15
    Failure: 16
  Authentication Extension Errors:
    Missing: 18
    Malformed: 19
    Unknown Key: 20
    Invalid HMAC: 21
    Stale: 22
    Replay: 23
  Priority Zero:
    Received: 25
    Sent: 26
`;

const counters: VrrpCounters = {
  becameMaster: 5,
  releasedMaster: 6,
  advertisementsReceived: 3,
  advertisementsSent: 4,
  priorityZeroReceived: 25,
  priorityZeroSent: 26,
  errors: new Map([
    ['packet_length', 8],
    ['ttl', 9],
    ['invalid_type', 10],
    ['advertisement_interval', 11],
    ['address_list', 12],
    ['invalid_authentication_type', 14],
    ['authentication_type_mismatch', 15],
    ['authentication_failure', 16],
    ['authentication_extension_missing', 18],
    ['authentication_extension_malformed', 19],
    ['authentication_extension_unknown_key', 20],
    ['authentication_extension_invalid_hmac', 21],
    ['authentication_extension_stale', 22],
    ['authentication_extension_replay', 23],
  ]),
};

const readCounters = (text: string) => parseKeepalivedStats(text).counters;

describe('parseKeepalivedStats()', () => {
  it.each(['2.0.10', '2.1.5', '2.2.7/master', '2.3.4'])('reads the statistics of keepalived %s', (folder) => {
    expect(readCounters(readDump(folder, 'stats'))).toEqual(recorded);
  });

  it('reads the statistics of keepalived 1.3.5', () => {
    expect(readCounters(readDump('1.3.5', 'stats'))).toEqual(new Map([...recorded, ['VI_web6', counted('master', 2)]]));
  });

  it('reads the statistics of keepalived 2.4.3, which counts errors of the authentication extension', () => {
    const kinds = [...errorKinds, ...extensionErrorKinds];
    expect(readCounters(readDump('2.4.3', 'stats'))).toEqual(
      new Map([
        ['VI_web', counted('master', 4, kinds)],
        ['VI_web6', counted('master', 4, kinds)],
        ['VI_db', counted('backup', 4, kinds)],
        ['VI_mail', counted('fault', 4, kinds)],
      ]),
    );
  });

  it('reads each counter into its place', () => {
    expect(readCounters(numbered)).toEqual(new Map([['VI_1', counters]]));
  });

  it('leaves out the errors that a keepalived without authentication does not count', () => {
    const text = numbered.replace(/ {4}Type Mismatch.*(?= {2}Priority)/s, '');
    expect([...(readCounters(text).get('VI_1')?.errors.keys() ?? [])]).toEqual(errorKinds.slice(0, 6));
  });

  it('leaves out an unknown counter', () => {
    expect(readCounters(`${numbered}    Lost: x\n  Moons: 1\n`)).toEqual(readCounters(numbered));
  });

  it.each([
    ['a file that was just opened', ''],
    ['a line that was cut off', 'VRRP Instance: VI'],
    ['counters of no instance', '  Became master: 1\n'],
  ])('refuses %s', (_what, text) => {
    expect(() => parseKeepalivedStats(text)).toThrow(
      new ParseError(1, 'expected "VRRP Instance: ", got the end of the file'),
    );
  });

  it('reads an instance whose name has a line end', () => {
    expect(readCounters(numbered.replace('VI_1', 'new\nline')).get('new\nline')).toEqual(counters);
  });

  it('reads statistics without line ends, as keepalived 2.0.0 to 2.0.5 write them', () => {
    const text = numbered + numbered.replace('VI_1', 'VI_2');
    expect(readCounters(text.replaceAll('\n', ''))).toEqual(readCounters(text));
  });

  it.each([
    [
      'a counter that is missing',
      numbered.replace('    Sent: 26\n', ''),
      { priorityZeroSent: undefined },
      'Cannot parse line 1: expected "Priority Zero/Sent" of VRRP instance "VI_1", got nothing',
    ],
    [
      'a counter that was cut off',
      numbered.slice(0, -1),
      { priorityZeroSent: undefined },
      'Cannot parse line 26: expected a line end, got the end of the file',
    ],
    [
      'a counter below what 32 bits have',
      numbered.replace('master: 5', 'master: -2147483649'),
      { becameMaster: undefined },
      'Cannot parse line 5: expected "Became master" to be at least -2147483648, got -2147483649',
    ],
    [
      'a counter that is no number',
      numbered.replace('master: 5', 'master: 5x'),
      { becameMaster: undefined },
      'Cannot parse line 5: expected "Became master" to be a number, got "5x"',
    ],
    [
      'an error counter without a number',
      numbered.replace('TTL: 9', 'TTL:'),
      { errors: new Map([...counters.errors].filter(([kind]) => kind !== 'ttl')) },
      'Cannot parse line 9: expected "Packet Errors/TTL" to be a number, got ""',
    ],
  ])('loses %s, and counts it', (_what, text, rest, problem) => {
    const { counters: read, skipped } = parseKeepalivedStats(text);
    expect(read).toEqual(new Map([['VI_1', { ...counters, ...rest }]]));
    expect(skipped.problems[0]).toBe(problem);
  });

  it('reads a counter that passed 2^31, which keepalived before 2.0.17 prints as a negative number', () => {
    const read = readCounters(numbered.replace('master: 5', 'master: -2147483648')).get('VI_1');
    expect(read).toEqual({ ...counters, becameMaster: 2 ** 31 });
  });

  it('reads the errors of an HMAC as keepalived 2.4.0 names them', () => {
    const text = readDump('2.4.3', 'stats');
    expect(readCounters(text.replaceAll('Invalid HMAC', 'Invalid MAC'))).toEqual(readCounters(text));
  });

  it('loses an instance without a name, and counts it', () => {
    const text = numbered.replace('VI_1', '') + numbered;
    expect(parseKeepalivedStats(text)).toEqual({
      counters: readCounters(numbered),
      skipped: { lines: 1, problems: ['Cannot parse line 1: expected "VRRP Instance: ", a name and counters'] },
    });
  });

  it('gives a value without NaN or a ParseError for any text', () => {
    expectParsedOrRefused(parseKeepalivedStats, numbered);
    expectParsedOrRefused(parseKeepalivedStats, readDump('1.3.5', 'stats'));
  });
});
