import { describe, expect, it } from 'vitest';
import {
  isCheckerAnnouncement,
  parseAnnouncement,
  stateAfter,
  vrrpEvents,
} from '../../../../src/parsers/keepalived/vrrp/announcement.ts';

describe('parseAnnouncement()', () => {
  // As keepalived 2.2.7 wrote them.
  it.each([
    ['INSTANCE "VI_1" MASTER 100', { type: 'instance', name: 'VI_1', event: 'master', priority: 100 }],
    ['INSTANCE "VI_1" BACKUP 90', { type: 'instance', name: 'VI_1', event: 'backup', priority: 90 }],
    ['INSTANCE "VI_1" FAULT 90', { type: 'instance', name: 'VI_1', event: 'fault', priority: 90 }],
    ['INSTANCE "VI_1" STOP 90', { type: 'instance', name: 'VI_1', event: 'stop', priority: 90 }],
    ['INSTANCE "VI_1" DELETED 0', { type: 'instance', name: 'VI_1', event: 'deleted', priority: 0 }],
    [
      'INSTANCE "VI_1" MASTER_RX_LOWER_PRI 255',
      { type: 'instance', name: 'VI_1', event: 'master_rx_lower_pri', priority: 255 },
    ],
    ['INSTANCE "VI_1" BACKUP_PRIORITY 7', { type: 'instance', name: 'VI_1', event: 'backup_priority', priority: 7 }],
    ['GROUP "VG_1" FAULT 0', { type: 'group', name: 'VG_1', event: 'fault', priority: 0 }],
    ['INSTANCE "a "b" c" MASTER 1', { type: 'instance', name: 'a "b" c', event: 'master', priority: 1 }],
  ] as const)('reads %s', (line, expected) => {
    expect(parseAnnouncement(line)).toEqual(expected);
    expect(isCheckerAnnouncement(line)).toBe(false);
  });

  it.each([
    ...['', 'INSTANCE', 'INSTANCE "" MASTER 1', 'INSTANCE "a" MASTER', 'INSTANCE "a" MASTER 1000', 'GROUP "a" UP 0'],
    ...['INSTANCE "a" {UNKNOWN} 1', 'NSTANCE "a" MASTER 1', 'INSTANCE "a" MASTER 1 ', 'INSTANCE "a" master 1'],
  ])('reads nothing of "%s"', (line) => {
    expect(parseAnnouncement(line)).toBeUndefined();
    expect(isCheckerAnnouncement(line)).toBe(false);
  });
});

it.each(['VS [192.168.201.15]:tcp:80 UP', 'RS [1.2.3.4]:tcp:80 [192.168.201.15]:tcp:80 DOWN', 'VS FWM 7 DOWN'])(
  'isCheckerAnnouncement() recognizes %s',
  (line) => {
    expect(isCheckerAnnouncement(line)).toBe(true);
    expect(parseAnnouncement(line)).toBeUndefined();
  },
);

it('stateAfter() has a state for every event', () => {
  expect(vrrpEvents.map(stateAfter)).toEqual([
    ...['master', 'backup', 'fault', 'stop', 'deleted'],
    ...['master', 'master', 'backup'],
  ]);
});
