import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram } from '../../packaging/bundle.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
let directory: string;
let file: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'lvs-exporter-bundle-'));
  file = join(directory, 'dist', 'main.mjs');
  await bundleProgram(repository, file);
  // The program reads its version above its folder.
  copyFileSync(join(repository, 'package.json'), join(directory, 'package.json'));
});

afterAll(() => rmSync(directory, { recursive: true }));

describe('bundleProgram()', () => {
  it('writes a program of ASCII, of which V8 stores one byte for each character', () => {
    expect(readFileSync(file).filter((byte) => byte > 0x7f)).toHaveLength(0);
  });

  it('writes the texts that the built program writes', () => {
    const help = (program: string) => execFileSync(process.execPath, [program, '--help'], { encoding: 'utf8' });
    expect(help(file)).toBe(help(join(repository, 'dist', 'main.js')));
  });
});
