import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLinuxHost } from '../../src/host/linux-host.ts';
import { openReplay } from '../../src/recording/replay-host.ts';
import { labRecordings } from '../fixtures.ts';
import { needs } from '../needs.ts';
import { startProgram } from '../program.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-files-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const keepalived = { keepalived: () => Promise.reject(new Error('none')), requestDumps: async () => undefined };
const table = 'net/ip_vs';

/** The proc file system of a recorded director. */
function copyProc(): string {
  const procfs = join(folder, 'proc');
  cpSync(join(labRecordings, 'director1/000000.0/proc'), procfs, { recursive: true });
  return procfs;
}

describe('in place of /proc/net/ip_vs', () => {
  it.each([
    ['a FIFO', 'ENOTFILE', (path: string) => execFileSync('mkfifo', [path])],
    ['a device', 'ENOTFILE', (path: string) => symlinkSync('/dev/zero', path)],
    ['a file of 100 MB', 'EFBIG', (path: string) => writeFileSync(path, '') ?? truncateSync(path, 100 * 2 ** 20)],
  ])('%s is refused', async (_what, code, plant) => {
    const procfs = copyProc();
    rmSync(join(procfs, table));
    plant(join(procfs, table));
    const host = createLinuxHost({ procfs, keepalived });
    await expect(host.readFile('/proc/net/ip_vs')).rejects.toMatchObject({ code });
    expect(await host.readFile('/proc/sys/net/netfilter/nf_conntrack_max')).toMatch(/^\d+\n$/);
  });
});

it('FIFOs in place of every file of a machine: scrapes and the page are answered, and SIGTERM ends the program', async () => {
  const procfs = copyProc();
  const entries = readdirSync(procfs, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(50);
  for (const path of files) rmSync(path);
  execFileSync('mkfifo', files);
  const program = await startProgram(`--path.procfs=${procfs}`, '--no-collector.keepalived-dumps');
  try {
    for (const path of ['/metrics', '/', '/history.json', '/-/healthy']) {
      expect((await program.get(path)).status).toBe(200);
    }
  } finally {
    program.process.kill();
    expect(await program.ended, program.log()).toBe(0);
  }
});

describe('a recording of a stranger', () => {
  it('leads to no file outside it', async () => {
    const recording = join(folder, 'recording');
    cpSync(join(labRecordings, 'director1'), recording, { recursive: true });
    const path = join(recording, '000000.0/proc', table);
    rmSync(path);
    symlinkSync('/etc/hostname', path);
    let nowMs = 0;
    const now = () => {
      nowMs += 1000;
      return nowMs;
    };
    const host = await openReplay(recording, { speed: 1, now });
    await expect(host.readFile('/proc/net/ip_vs')).rejects.toMatchObject({ code: 'ELOOP' });
  });

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
  ])('misleads by nothing that is malformed: %s', async (_what, frame) => {
    const recording = join(folder, 'recording');
    cpSync(join(labRecordings, 'director1'), recording, { recursive: true });
    writeFileSync(join(recording, '000000.0/frame.json'), JSON.stringify(frame));
    await expect(openReplay(recording, { speed: 1 })).rejects.toThrow(/^Cannot replay ".*frame\.json": /);
  });

  it.each([{ startedSeconds: 'x' }, { startedSeconds: 1e300 }, { everySeconds: -5 }, { everySeconds: 0 }])(
    'misleads by nothing that is malformed: %j',
    async (wrong) => {
      const recording = join(folder, 'recording');
      cpSync(join(labRecordings, 'director1'), recording, { recursive: true });
      const path = join(recording, 'recording.json');
      writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...wrong }));
      await expect(openReplay(recording, { speed: 1 })).rejects.toThrow(/^Cannot replay ".*recording\.json": /);
    },
  );

  it('does not hang on a FIFO', async () => {
    const recording = join(folder, 'recording');
    cpSync(join(labRecordings, 'director1'), recording, { recursive: true });
    const path = join(recording, '000000.0/frame.json');
    rmSync(path);
    execFileSync('mkfifo', [path]);
    await expect(openReplay(recording, { speed: 1 })).rejects.toThrow('expected a regular file');
  });
});

it('a FIFO in another network namespace does not hold the program', needs('root', 'network namespaces'), async () => {
  const procfs = copyProc();
  const path = join(procfs, table);
  rmSync(path);
  execFileSync('mkfifo', [path]);
  const host = createLinuxHost({ procfs, keepalived }).enter('/proc/self/ns/net');
  const ignore = () => true;
  await expect(host.readFile('/proc/net/ip_vs')).rejects.toMatchObject({ code: 'ENOTFILE' });
  await expect(host.readParts('/proc/net/ip_vs', ignore)).rejects.toMatchObject({ code: 'ENOTFILE' });
  expect(await host.readFile('/proc/sys/net/netfilter/nf_conntrack_max')).toMatch(/^\d+\n$/);
});

it('a network namespace that is a FIFO is refused', async () => {
  const path = join(folder, 'namespace');
  execFileSync('mkfifo', [path]);
  const host = createLinuxHost({ procfs: '/proc', keepalived }).enter(path);
  await expect(host.readFile('/proc/net/dev')).rejects.toThrow(/is not a namespace|ENOSYS/);
});
