import { expect, it } from 'vitest';
import { isReadOnly } from '../../../src/parsers/procfs/mounts.ts';

const host =
  'sysfs /sys sysfs rw,nosuid 0 0\nproc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n/dev/sda1 / ext4 rw 0 0\n';

it.each([
  ['a host', host, false],
  ['a container of Docker', `${host}proc /proc/sys proc ro,nosuid,nodev,noexec,relatime 0 0\n`, true],
  ['one whose /proc cannot be written to', host.replace('proc rw', 'proc ro'), true],
  [
    'one where it was mounted again for writing',
    `${host}proc /proc/sys proc ro 0 0\nproc /proc/sys proc rw 0 0\n`,
    false,
  ],
  ['another path of a similar name', `${host}proc /proc/sysrq-trigger proc ro 0 0\n`, false],
  ['a file without a line', '', false],
])('isReadOnly() of %s', (_what, mounts, expected) => {
  expect(isReadOnly(mounts, '/proc/sys')).toBe(expected);
});
