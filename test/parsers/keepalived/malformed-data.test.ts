import { describe, expect, it } from 'vitest';
import { parseKeepalivedData } from '../../../src/parsers/keepalived/data.ts';
import type { VrrpInstance } from '../../../src/parsers/keepalived/vrrp/vrrp-instance.ts';
import { dumpOf, nothing, smallest, smallestRead } from './smallest-data.ts';

describe('parseKeepalivedData()', () => {
  const replaced = (from: string, to: string) => dumpOf(smallest.replace(from, to));
  const unread: Partial<VrrpInstance> = {};
  const odd: readonly [string, number, string, Partial<VrrpInstance> | undefined][] = [
    [replaced('VI_1', ''), 3, 'expected the name of a VRRP Instance, got nothing', undefined],
    [
      replaced('   Priority = 150\n', ''),
      3,
      'expected the VRRP Instance "VI_1" to have "Priority", got nothing',
      { basePriority: undefined },
    ],
    [
      replaced('   Interface = eth0\n', ''),
      3,
      'expected the VRRP Instance "VI_1" to have "Interface", got nothing',
      { interface: '' },
    ],
    [replaced('Interface = eth0', 'Interface = '), 7, 'expected an interface, got ""', { interface: '' }],
    [replaced('ID = 51', 'ID = x'), 8, 'expected "Virtual Router ID" to be a number, got "x"', { vrid: undefined }],
    [replaced('ID = 51', 'ID = 0'), 8, 'expected "Virtual Router ID" to be from 1 to 255, got 0', { vrid: undefined }],
    [
      replaced('ID = 51', 'ID = 256'),
      8,
      'expected "Virtual Router ID" to be from 1 to 255, got 256',
      { vrid: undefined },
    ],
    [
      replaced('Priority = 150', 'Priority = 256'),
      9,
      'expected "Priority" to be from 0 to 255, got 256',
      { basePriority: undefined },
    ],
    [
      replaced('State = MASTER', 'State = MASTE'),
      4,
      'expected the name of a VRRP state, got "MASTE"',
      { state: undefined },
    ],
    [
      replaced('Wantstate = MASTER', 'Wantstate = 7'),
      5,
      'expected the name of a VRRP state, got "7"',
      { wantedState: undefined },
    ],
    [
      replaced('1795395935.318359 (', '1795395935.3183590 ('),
      6,
      'expected "Last transition" to be seconds, got "1795395935.3183590 (Mon Nov 23 01:05:35.…"',
      { lastTransitionSeconds: undefined },
    ],
    [
      dumpOf(`${smallest}   Virtual IP (2):\n     10.9.0.1 dev eth0\n`),
      11,
      'expected 2 lines below "Virtual IP", got 1',
      { addresses: [{ address: '10.9.0.1', interface: 'eth0', excluded: false }] },
    ],
    [
      dumpOf(`${smallest}   Virtual IP = 1\n     10.9.0.1 dev eth0\n     10.9.0.2 dev eth0\n`),
      11,
      'expected 1 lines below "Virtual IP", got 2',
      { addresses: [{ address: '10.9.0.1', interface: 'eth0', excluded: false }] },
    ],
    [dumpOf(`${smallest}   Virtual IP = 1\n`), 11, 'expected 1 lines below "Virtual IP", got 0', unread],
    [
      dumpOf(`${smallest}   Virtual IP :\n     10.9.0.1 dev\n`),
      12,
      'expected an address and its interface, got "10.9.0.1 dev"',
      unread,
    ],
    [
      dumpOf(`${smallest}   Virtual IP Excluded :\n     eth0 dev eth0\n`),
      12,
      'expected an address and its interface, got "eth0 dev eth0"',
      unread,
    ],
  ];
  it.each(odd.map(([text, line, problem, rest]) => ({ text, line, problem, rest })))(
    'loses what is malformed in line $line of an instance, and counts it: $problem',
    ({ text, line, problem, rest }) => {
      expect(parseKeepalivedData(text)).toEqual({
        ...nothing,
        instances: rest ? [{ ...smallestRead, ...rest }] : [],
        skipped: { lines: 1, problems: [`Cannot parse line ${line}: ${problem}`] },
      });
    },
  );

  it.each([
    [' VRRP Sync Group = VG_1, \n', 3, 'expected the name of a VRRP state, got ""'],
    [' VRRP Script = chk\n', 3, 'expected the VRRP Script "chk" to have "Status", got nothing'],
    [' VRRP Script = chk\n   Status = FINE\n', 4, 'expected the status of a script, got "FINE"'],
    [' VRRP Script = chk\n   Status = BAD\n   State = asleep\n', 5, 'expected the state of a script, got "asleep"'],
    [' Track file = f\n   Status = x\n', 4, 'expected "Status" to be a number, got "x"'],
    [
      ' VRRP Track process = p\n   Current processes = 1\n   Have quorum = maybe\n',
      5,
      'expected "Have quorum" to be true or false, got "maybe"',
    ],
  ])('loses what is malformed in what instances track, and keeps the instances: %j', (text, line, problem) => {
    const { instances, skipped } = parseKeepalivedData(dumpOf(smallest.concat(text)));
    expect(instances).toEqual([smallestRead]);
    expect(skipped).toEqual({ lines: 1, problems: [`Cannot parse line ${line + 8}: ${problem}`] });
  });
});
