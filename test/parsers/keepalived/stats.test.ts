import { describe, expect, it } from 'vitest';
import { parseKeepalivedStats } from '../../../src/parsers/keepalived/stats.ts';
import { ParseError } from '../../../src/parsers/parse-error.ts';
import { counted, errorKinds, extensionErrorKinds, readDump } from '../../keepalived/fixtures.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

const recorded = new Map([
  ['VI_web', counted('master')],
  ['VI_web6', counted('master')],
  ['VI_db', counted('backup')],
  ['VI_mail', counted('fault')],
]);

/** Line numbers are the ones the counters are told apart by. */
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

describe('parseKeepalivedStats()', () => {
  it.each(['2.0.10', '2.1.5', '2.2.7/master', '2.3.4'])('reads the statistics of keepalived %s', (folder) => {
    expect(parseKeepalivedStats(readDump(folder, 'stats'))).toEqual(recorded);
  });

  it('reads the statistics of keepalived 1.3.5', () => {
    expect(parseKeepalivedStats(readDump('1.3.5', 'stats'))).toEqual(
      new Map([...recorded, ['VI_web6', counted('master', 2)]]),
    );
  });

  it('reads the statistics of keepalived 2.4.3, which counts errors of the authentication extension', () => {
    const kinds = [...errorKinds, ...extensionErrorKinds];
    expect(parseKeepalivedStats(readDump('2.4.3', 'stats'))).toEqual(
      new Map([
        ['VI_web', counted('master', 4, kinds)],
        ['VI_web6', counted('master', 4, kinds)],
        ['VI_db', counted('backup', 4, kinds)],
        ['VI_mail', counted('fault', 4, kinds)],
      ]),
    );
  });

  it('reads each counter into its place', () => {
    expect(parseKeepalivedStats(numbered)).toEqual(
      new Map([
        [
          'VI_1',
          {
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
          },
        ],
      ]),
    );
  });

  it('leaves out the errors that a keepalived without authentication does not count', () => {
    const text = numbered.replace(/ {4}Type Mismatch.*(?= {2}Priority)/s, '');
    expect([...(parseKeepalivedStats(text).get('VI_1')?.errors.keys() ?? [])]).toEqual(errorKinds.slice(0, 6));
  });

  it('leaves out a counter that it does not know', () => {
    expect(parseKeepalivedStats(`${numbered}    Lost: x\n  Moons: 1\n`)).toEqual(parseKeepalivedStats(numbered));
  });

  it.each([
    ['a file that was just opened', '', 1, 'expected "VRRP Instance: ", got the end of the file'],
    ['a line that was cut off', 'VRRP Instance: VI', 1, 'expected a line end, got the end of the file'],
    ['counters of no instance', '  Became master: 1\n', 1, 'expected "VRRP Instance: ", got the end of the file'],
    [
      'an instance without a name',
      'VRRP Instance: \n',
      1,
      'expected "VRRP Instance: " and a name, got "VRRP Instance: "',
    ],
    ['another heading', 'VRRP Group: x\n', 1, 'expected "VRRP Instance: " and a name, got "VRRP Group: x"'],
    ['a line without a colon', 'VRRP Instance: x\nmoon\n', 2, 'expected a name and a colon, got "moon"'],
    [
      'a line of another depth',
      'VRRP Instance: x\n Became master: 1\n',
      2,
      'expected a name and a colon, got " Became master: 1"',
    ],
    [
      'an instance that was cut off',
      numbered.split('\n').slice(0, 25).join('\n').concat('\n'),
      1,
      'expected "Priority Zero/Sent" of VRRP instance "VI_1", got nothing',
    ],
    [
      'a counter without a number',
      numbered.replace('TTL: 9', 'TTL:'),
      9,
      'expected "Packet Errors/TTL" to be a number, got nothing',
    ],
    [
      'a counter that is no number',
      numbered.replace('TTL: 9', 'TTL: 9x'),
      9,
      'expected "Packet Errors/TTL" to be a number, got "9x"',
    ],
    [
      'a counter below 0',
      numbered.replace('master: 5', 'master: -5'),
      5,
      'expected "Became master" to be at least 0, got -5',
    ],
  ])('refuses %s', (_what, text, line, problem) => {
    expect(() => parseKeepalivedStats(text)).toThrow(new ParseError(line, problem));
  });

  it('refuses every text that ends within an instance', () => {
    const lines = readDump('2.2.7/master', 'stats').split('\n');
    const instance = lines.indexOf('VRRP Instance: VI_web6');
    const ends = lines.slice(0, -1).map((_, end) => `${lines.slice(0, end).join('\n')}\n`);
    const accepted = ends.flatMap((text, end) => (isParsed(text) ? [end] : []));
    expect(accepted).toEqual([instance, 2 * instance, 3 * instance]);
  });

  it('gives a value without NaN or a ParseError for any text', () => {
    expectParsedOrRefused(parseKeepalivedStats, numbered);
    expectParsedOrRefused(parseKeepalivedStats, readDump('1.3.5', 'stats'));
  });
});

function isParsed(text: string): boolean {
  try {
    parseKeepalivedStats(text);
    return true;
  } catch {
    return false;
  }
}
