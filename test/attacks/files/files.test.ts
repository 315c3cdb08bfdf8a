import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLinuxHost } from '../../../src/host/linux-host.ts';
import { labRecordings } from '../../fixtures.ts';
import { needs } from '../../needs.ts';
import { startProgram } from '../../program.ts';

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
