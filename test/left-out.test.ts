import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Outcome, summarize } from './left-out.ts';
import { longest } from './longest-first.ts';
import { isAtLeast, judge, readVersion } from './needed-programs.ts';
import type { Missing } from './needs.ts';

const outcome = (name: string, ...missing: readonly Missing[]): Outcome => ({
  name,
  state: missing.length > 0 ? 'skipped' : 'passed',
  missing,
});

describe('summarize()', () => {
  it('has no lines when every test ran', () => {
    expect(summarize([outcome('a'), outcome('b')])).toEqual([]);
  });

  it('names each missing thing once, with its tests, and what brings them all', () => {
    const promtool = { what: 'promtool 2.24 (needs 2.42)', from: 'prometheus' };
    const prometheus = { what: 'prometheus', from: 'prometheus' };
    const root = { what: 'root', advice: 'run as root' };
    const outcomes = [
      outcome('a'),
      outcome('b', promtool),
      outcome('c', promtool, prometheus),
      outcome('d', root),
      ...Array.from({ length: 1000 }, () => outcome('e', root)),
    ];
    expect(summarize(outcomes).join('\n')).toMatchInlineSnapshot(`
      " Left out 1,003 of 1,004 tests. Missing, with the number of tests:
         prometheus: 1, promtool 2.24 (needs 2.42): 2, root: 1001
       To run them: apt-get install prometheus
       To run them: run as root"
    `);
  });
});

describe('readVersion()', () => {
  it.each([
    ['promtool, version 2.42.0+ds (branch: debian/sid, revision: 2.42.0+ds-5+deb12u1)', '2.42.0'],
    ['ip utility, iproute2-6.1.0, libbpf 1.1.2', '6.1.0'],
    ['ip utility, iproute2-ss190107', ''],
    ['conntrack v1.4.7 (conntrack-tools)', '1.4.7'],
    ["Debian 'dpkg-deb' package archive backend version 1.21.22 (amd64).", '1.21.22'],
    ['systemd 252 (252.39-1~deb12u2)', '252'],
    ['kmod version 30\n+ZSTD', '30'],
    ['nginx version: nginx/1.22.1', '1.22.1'],
    [
      '/usr/bin/chromium: 9: [: 25189441536: unexpected operator\nChromium 156.0.8078.108 built on Debian',
      '156.0.8078.108',
    ],
    ['unshare: unrecognized option', ''],
  ])('finds the version in %j', (output, version) => {
    expect(readVersion(output)).toBe(version);
  });
});

describe('judge()', () => {
  const judgeShell = (script: string, version = '') => judge('sh', { version, ask: ['-c', script] });

  it.each([
    ['exits 1 without notice', 'exit 1'],
    ['is a wrapper of what is missing', 'exec /missing'],
    ['is a wrapper of what may not be executed', 'exec /dev/null'],
  ])('refuses a program that %s', (_, script) => {
    expect(judgeShell(script)).toBe('sh that works');
  });

  it('refuses a program that cannot be started', () => {
    expect(judge('/dev/null', { version: '' })).toBe('/dev/null that works');
  });

  it('refuses a program that does not answer', () => {
    expect(judge('sh', { version: '', ask: ['-c', 'exec sleep 60'] }, 100)).toBe('sh that works');
  });

  it('takes a program that fails with words, such as ipvsadm without its module, where no version is asked for', () => {
    expect(judgeShell('echo no module; exit 255')).toBeUndefined();
  });

  it('refuses what imitates it', () => {
    expect(judgeShell('echo "tar (busybox) 1.36.1"', '1.34')).toBe('sh other than that of busybox');
  });

  it('compares the version that it prints with the oldest', () => {
    expect(judgeShell('echo sh 1.0', '1.0')).toBeUndefined();
    expect(judgeShell('echo sh 1.0', '1.1')).toBe('sh 1.0 (needs 1.1)');
    expect(judgeShell('echo sh', '1.1')).toBe('sh of unknown version (needs 1.1)');
  });
});

describe('isAtLeast()', () => {
  it.each([
    ['2.42.0', '2.42', true],
    ['3.0', '2.42', true],
    ['2.9', '2.42', false],
    ['2', '2.42', false],
    ['', '0.1', false],
  ])('of %j and %j', (version, oldest, expected) => {
    expect(isAtLeast(version, oldest)).toBe(expected);
  });
});

it.each(longest)('%s, which is started first, exists', (path) => {
  expect(existsSync(path)).toBe(true);
});
