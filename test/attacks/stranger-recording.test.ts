import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../src/host/host.ts';
import { openReplay } from '../../src/recording/replay-host.ts';
import { labRecordings } from '../fixtures.ts';
import { needs } from '../needs.ts';
import { startWithLimit } from '../program.ts';

const moment = '000000.0';
let folder: string;
let recording: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-recording-'));
  recording = join(folder, 'recording');
  for (const name of ['recording.json', moment]) {
    cpSync(join(labRecordings, 'director1', name), join(recording, name), { recursive: true });
  }
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Its clock goes on by a second whenever it is asked. */
async function open(): Promise<Host> {
  let nowMs = 0;
  const now = () => {
    nowMs += 1000;
    return nowMs;
  };
  return await openReplay(recording, { speed: 1, now });
}

describe('a recording of a stranger leads to no file outside it', () => {
  it('by a link in place of a file', async () => {
    const path = join(recording, moment, 'proc/net/ip_vs');
    rmSync(path);
    symlinkSync('/etc/hostname', path);
    await expect((await open()).readFile('/proc/net/ip_vs')).rejects.toMatchObject({ code: 'ELOOP' });
  });

  it.each(['recording.json', `${moment}/frame.json`])('by a link in place of %s', async (name) => {
    const outside = join(folder, 'outside.json');
    cpSync(join(recording, name), outside);
    rmSync(join(recording, name));
    symlinkSync(outside, join(recording, name));
    await expect(open()).rejects.toMatchObject({ code: 'ELOOP' });
  });

  it('by a link in place of a folder', async () => {
    rmSync(join(recording, moment, 'proc'), { recursive: true });
    mkdirSync(join(folder, 'outside/net'), { recursive: true });
    writeFileSync(join(folder, 'outside/net/secret'), 'secret');
    symlinkSync(join(folder, 'outside'), join(recording, moment, 'proc'));
    await expect((await open()).readFile('/proc/net/secret')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('by a link in place of a moment', async () => {
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside/frame.json'), '{"seconds":0}');
    writeFileSync(join(folder, 'outside/secret'), 'secret');
    symlinkSync(join(folder, 'outside'), join(recording, '000000.1'));
    await expect((await open()).readFile('/secret')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a recording of a stranger is opened', () => {
  it('in spite of links in circles and to the whole machine', async () => {
    for (const name of ['a', 'b', 'c']) symlinkSync('.', join(recording, moment, name));
    symlinkSync('/', join(recording, moment, 'machine'));
    expect(await (await open()).readFile('/proc/net/ip_vs')).toContain('IP Virtual Server');
  });

  it('with more moments than the process has descriptors', needs('prlimit'), async () => {
    for (let n = 1; n <= 700; n++) {
      mkdirSync(join(recording, `${n}.5`));
      writeFileSync(join(recording, `${n}.5`, 'frame.json'), JSON.stringify({ seconds: n }));
    }
    const program = await startWithLimit('--nofile=512', `--replay=${recording}`);
    expect((await program.get('/-/healthy')).status).toBe(200);
    program.process.kill();
    expect(await program.ended).toBe(0);
  });
});

describe('a recording of a stranger is refused with', () => {
  it.each([
    ['a list in place of a moment', [1]],
    ['a moment at no time', { seconds: 'soon' }],
    ['a moment before the first', { seconds: -1e308 }],
    ['no errors', { seconds: 0, errors: null }],
    ['an error that is no text', { seconds: 0, errors: { '/proc/net/ip_vs': 5 } }],
    ['a directory that is no list', { seconds: 0, directories: { '/proc/sys/net': 5 } }],
    ['a table that is none', { seconds: 0, flows: { '/proc/net/nf_conntrack': 7 } }],
    ['counters without a CPU', { seconds: 0, counters: { '/netlink/conntrack': [{ counters: null }] } }],
    ['a keepalived that runs in no way', { seconds: 0, keepalived: [{ running: 1 }] }],
    [
      'a dump that was written at no time',
      { seconds: 0, keepalived: { running: true, modifiedSeconds: { json: 'x' } } },
    ],
    [
      'a platform that is no text',
      { seconds: 0, platform: { manufacturer: {}, model: '', virtual: true, virtualHost: '' } },
    ],
    [
      'announcements of nothing',
      { seconds: 0, announcements: { listening: true, malformedLines: 0, subjects: [{ name: 'VI_1' }] } },
    ],
    ['a source that is none', { seconds: 0, flows: { '/proc/net/nf_conntrack': { complete: true, source: 7 } } }],
  ])('%s', async (_what, frame) => {
    writeFileSync(join(recording, moment, 'frame.json'), JSON.stringify(frame));
    await expect(open()).rejects.toThrow(/^Cannot replay ".*frame\.json": /);
  });

  it.each([
    ['recording.json', 'null', 'expected format 1, got undefined'],
    ['recording.json', '['.repeat(2 ** 20), 'expected at most 64 arrays and objects in one another'],
    [`${moment}/frame.json`, '{"a":'.repeat(2 ** 20), 'expected at most 64 arrays and objects in one another'],
    [`${moment}/frame.json`, `[${'[],'.repeat(2 ** 23)}`, 'expected at most 8388608 values'],
  ])('%s of nothing but brackets (%#)', async (name, text, problem) => {
    writeFileSync(join(recording, name), text);
    await expect(open()).rejects.toThrow(problem);
  });

  it.each([{ startedSeconds: 'x' }, { startedSeconds: 1e300 }, { everySeconds: -5 }, { everySeconds: 0 }])(
    '%j',
    async (wrong) => {
      const path = join(recording, 'recording.json');
      writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...wrong }));
      await expect(open()).rejects.toThrow(/^Cannot replay ".*recording\.json": /);
    },
  );

  it('a FIFO in place of a moment', async () => {
    const path = join(recording, moment, 'frame.json');
    rmSync(path);
    execFileSync('mkfifo', [path]);
    await expect(open()).rejects.toThrow('expected a regular file');
  });

  it.each([
    ['ipvs', 'netlink/ipvs.json', 'null'],
    ['ipvs', 'netlink/ipvs.json', '{"timeouts":{},"daemons":[],"services":[]}'],
    ['ipvs', 'netlink/ipvs.json', '{"timeouts":'],
    ['ipvs', 'netlink/ipvs.json', '['.repeat(1000)],
    ['addresses', 'netlink/addresses.json', '[{"interface":"eth0","address":"10.0.0.1;reboot"}]'],
    ['addresses', 'netlink/addresses.json', '[{"interface":"eth0","address":"$(reboot)"}]'],
    ['addresses', 'netlink/addresses.json', '[{"interface":{"toString":1},"address":"10.0.0.1"}]'],
    ['interfaceStatistics', 'ethtool/statistics.json', '[{"interface":"eth0","driver":"ena","counters":{"a":"b"}}]'],
  ] as const)('a malformed answer of the kernel: %s in %s is %s', async (method, file, text) => {
    mkdirSync(join(recording, moment, 'ethtool'), { recursive: true });
    writeFileSync(join(recording, moment, file), text);
    await expect((await open())[method]([], [])).rejects.toThrow(`Cannot replay "/${file}": `);
  });
});
