import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { settingsFolder } from '../../../src/collectors/prerequisites/prerequisites.ts';
import { isReadOnly } from '../../../src/parsers/procfs/mounts.ts';
import { needs } from '../../needs.ts';

const programs = needs('bash', 'unshare', 'root', 'mount namespaces');

/** The mounts of a machine after a command, and whether a setting can be written there. */
function see(command: string): { readonly mounts: string; readonly canWrite: boolean } {
  const write = 'echo $(cat /proc/sys/net/ipv4/ip_forward) >/proc/sys/net/ipv4/ip_forward';
  const script = `${command} && { (${write}) 2>/dev/null && echo yes || echo no; cat /proc/self/mounts; }`;
  const text = execFileSync('unshare', ['--mount', 'bash', '-c', script], { encoding: 'utf8' });
  const [answer, ...mounts] = text.split('\n');
  return { canWrite: answer === 'yes', mounts: mounts.join('\n') };
}

describe('a real mount of settings', programs, () => {
  it.each([
    ['as it is', 'true', true],
    ['read-only', 'mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys', false],
    ['read-only below', 'mount --bind /proc/sys/net /proc/sys/net && mount -o remount,bind,ro /proc/sys/net', false],
    [
      'read-only with a part for writing',
      'mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && mount -t proc proc /mnt && mount --bind /mnt/sys/net /proc/sys/net',
      true,
    ],
  ])('%s', (_how, command, expected) => {
    const { mounts, canWrite } = see(command);
    expect(canWrite).toBe(expected);
    expect(isReadOnly(mounts, settingsFolder)).toBe(!expected);
  });
});
