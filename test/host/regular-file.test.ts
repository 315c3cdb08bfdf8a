import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRegularFile, readRegularFileInTurns, readRegularFileSync } from '../../src/host/regular-file.ts';

describe.each([
  ['readRegularFile()', readRegularFile],
  ['readRegularFileInTurns()', readRegularFileInTurns],
  ['readRegularFileSync()', async (path: string, maxBytes: number) => readRegularFileSync(path, maxBytes)],
])('%s', (_, read) => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lvs-exporter-files-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it.each([0, 1, 8_192, 8_193, 300_000])(
    'reads a file of %i bytes whole, and refuses it where that is too many',
    async (length) => {
      const path = join(folder, 'file');
      const text = 'a row of a table\n'.repeat(length).slice(0, length);
      await writeFile(path, text);
      expect(await read(path, length)).toBe(text);
      if (length > 0) await expect(read(path, length - 1)).rejects.toMatchObject({ code: 'EFBIG', path });
    },
  );

  it('bounds a file of procfs, whose size is 0', async () => {
    const path = '/proc/self/limits';
    const text = readFileSync(path, 'utf8');
    expect(await read(path, 65_536)).toBe(text);
    await expect(read(path, 100)).rejects.toMatchObject({ code: 'EFBIG', path });
  });
});
