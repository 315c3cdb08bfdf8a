import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Measurement } from '../../bench/measurements.ts';

const repository = resolve(import.meta.dirname, '../..');
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'lvs-bench-test-'));
  keep('before', [
    { name: 'wall', values: [1, 1.02, 0.98] },
    { name: 'memory', values: [80] },
    { name: 'loop', values: [10, 20, 30, 40, 50] },
  ]);
});
afterAll(() => rmSync(directory, { recursive: true }));

function keep(name: string, measured: readonly Measurement[]): void {
  writeFileSync(join(directory, name), measured.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

/** Compares two files, without a benchmark. */
function compare(...words: readonly string[]) {
  const options = words.map((word) => (word.startsWith('--') ? word : join(directory, word)));
  const command = ['--import', 'tsx', 'bench/main.ts', 'all', ...options];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, { cwd: repository, encoding: 'utf8' });
  const rows = stdout.split('\n').filter((line) => /^[a-z]+ /.test(line));
  return { rows: rows.map((row) => row.split(/ +/)), stderr, status };
}

describe('npm run bench -- all --against', () => {
  it('prints both values, their ratio and the noise, and ends with 0 if nothing is worse by more', () => {
    keep('now', [
      { name: 'wall', values: [0.5] },
      { name: 'memory', values: [82] },
      { name: 'loop', values: [45] },
      { name: 'new', values: [1] },
    ]);
    expect(compare('--against', 'before', '--measured', 'now')).toMatchObject({
      rows: [
        ['wall', '1.00', '0.50', '0.50', '0.05'],
        ['memory', '80.00', '82.00', '1.02', '4.00'],
        ['loop', '30.00', '45.00', '1.50', '20.00'],
        ['new', '-', '1.00', '-', '-'],
      ],
      status: 0,
    });
  });

  it('marks what is worse and what was not measured again, and ends with 1', () => {
    keep('now', [
      { name: 'wall', values: [1.2] },
      { name: 'memory', values: [80] },
    ]);
    const { rows, status } = compare('--against', 'before', '--measured', 'now');
    expect(rows.map((row) => row.slice(5))).toEqual([['worse'], [], ['missing']]);
    expect(status).toBe(1);
  });

  it.each([
    ['a file that is absent', ['--against', 'absent']],
    ['a file that has no measurements', ['--against', 'before', '--measured', 'spoilt']],
    ['an option that does not exist', ['--agains', 'before']],
  ])('refuses %s before anything runs', (_what, words) => {
    writeFileSync(join(directory, 'spoilt'), '{"name": "wall", "values": ["1"]}\n');
    expect(compare(...words)).toMatchObject({
      rows: [],
      stderr: expect.stringMatching(/^bench: .+\n$/),
      status: 2,
    });
  });
});
