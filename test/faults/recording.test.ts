import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';

const program = fileURLToPath(new URL('record-program.ts', import.meta.url));

/** It has one small file, and frame.json. */
const secondMomentPages = 2;

describe('record() to a disk that gets full', needs('unshare', 'root', 'mount namespaces'), () => {
  it('fails, and leaves the moments before complete', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-full-'));
    try {
      const run = ['--mount', process.execPath, '--import', 'tsx', program, folder];
      const outcomes = execFileSync('unshare', run, { encoding: 'utf8' }).trim().split('\n');
      const [whole, ...cut] = outcomes.map((line) => JSON.parse(line));
      expect(whole).toEqual({ missing: 0, problem: '', moments: 2 });
      const problem = expect.stringMatching(/^ENOSPC: no space left on device/);
      for (const outcome of cut.slice(0, secondMomentPages)) expect(outcome).toMatchObject({ problem, moments: 1 });
      const none = expect.stringContaining('(no frame.json)');
      for (const outcome of cut.slice(secondMomentPages)) expect(outcome).toMatchObject({ problem, moments: none });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
