import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { geteuid } from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTrustedFile, readAtMost, readTrustedFile, UntrustedFileError } from '../../src/host/trusted-file.ts';
import { needs } from '../needs.ts';

let folder: string;
let path: string;

const own = geteuid?.() ?? 0;
const trust = { owners: [own], maxBytes: 1000 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-trusted-'));
  path = join(folder, 'file');
});

afterEach(() => rmSync(folder, { recursive: true }));

const refusal = (problem: string) => new UntrustedFileError(path, problem);

describe('readTrustedFile()', () => {
  it.each(['', 'one line\n', 'x'.repeat(1000)])('reads a regular file of its owner', async (text) => {
    writeFileSync(path, text);
    expect(await readTrustedFile(path, trust)).toBe(text);
  });

  it('reads a file of procfs, which reports a size of 0', async () => {
    expect(await readTrustedFile('/proc/self/status', { owners: [own], maxBytes: 100_000 })).toContain('\nPid:\t');
  });

  it('refuses a symbolic link, also to a file that is trusted', async () => {
    writeFileSync(join(folder, 'target'), '');
    symlinkSync('target', path);
    await expect(readTrustedFile(path, trust)).rejects.toEqual(refusal('a regular file, got a symbolic link'));
  });

  it('refuses a FIFO, and does not wait for its writer', async () => {
    execFileSync('mkfifo', [path]);
    await expect(readTrustedFile(path, trust)).rejects.toEqual(refusal('a regular file, got a FIFO'));
  });

  it('refuses a directory', async () => {
    mkdirSync(path);
    await expect(readTrustedFile(path, trust)).rejects.toEqual(refusal('a regular file, got a directory'));
  });

  it('refuses a device', async () => {
    await expect(readTrustedFile('/dev/zero', trust)).rejects.toMatchObject({
      code: 'EUNTRUSTED',
      path: '/dev/zero',
      message: 'Expected /dev/zero to be a regular file, got a device',
    });
  });

  it('refuses a sparse file that is too long, and one that is longer than its size', async () => {
    writeFileSync(path, '');
    truncateSync(path, 1_000_000_000);
    await expect(readTrustedFile(path, trust)).rejects.toEqual(refusal('at most 1000 bytes long, got 1000000000'));
    await expect(readTrustedFile('/proc/self/status', { owners: [own], maxBytes: 10 })).rejects.toEqual(
      new UntrustedFileError('/proc/self/status', 'at most 10 bytes long'),
    );
  });

  it.each([
    [0o666, '666'],
    [0o602, '602'],
  ])('refuses a file of mode %o, which others may write', async (mode, printed) => {
    writeFileSync(path, '');
    chmodSync(path, mode);
    await expect(readTrustedFile(path, trust)).rejects.toEqual(
      refusal(`writable by its owner alone, got mode ${printed}`),
    );
  });

  it('refuses the file of another user, and one that another group may write', needs('root'), async () => {
    writeFileSync(path, '');
    chownSync(path, 65_534, 0);
    await expect(readTrustedFile(path, trust)).rejects.toEqual(refusal('owned by user 0, got user 65534'));
    chownSync(path, 0, 65_534);
    chmodSync(path, 0o660);
    await expect(readTrustedFile(path, trust)).rejects.toEqual(refusal('writable by its owner alone, got mode 660'));
    chownSync(path, 0, 0);
    expect(await readTrustedFile(path, trust)).toBe('');
  });

  it('rejects with the system error where there is no file', async () => {
    await expect(readTrustedFile(path, trust)).rejects.toMatchObject({ code: 'ENOENT', path });
  });
});

describe('openTrustedFile()', () => {
  it('reads the file that was checked, whatever takes its place afterwards', async () => {
    writeFileSync(path, 'checked');
    const file = await openTrustedFile(path, trust);
    rmSync(path);
    writeFileSync(path, 'another');
    expect((await readAtMost(file, 1000)).toString()).toBe('checked');
    expect((await readAtMost(file, 3)).toString()).toBe('che');
    await file.close();
  });

  it('reads a long file whole, or as much of it as is asked for', async () => {
    const text = Array.from({ length: 60_000 }, (_, index) => `${index}\n`).join('');
    writeFileSync(path, text);
    const file = await openTrustedFile(path, { ...trust, maxBytes: text.length });
    expect((await readAtMost(file, 2 * text.length)).toString() === text).toBe(true);
    expect((await readAtMost(file, 300_001)).toString() === text.slice(0, 300_001)).toBe(true);
    await file.close();
  });
});
