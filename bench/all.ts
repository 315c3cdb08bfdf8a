/**
 * Runs the benchmarks that have a peer and a goal, and prints what they measured. With `--save FILE` it is kept, and with
 * `--against FILE` printed beside what was kept, with a mark at what got worse by more than noise:
 *
 *     npm run bench -- all --save before
 *     npm run bench -- all --against before
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Comparison, compareMeasurements, readMeasurements, recordVariable } from './measurements.ts';

const compared = ['rest', 'ipvs', 'netlink'];

const { values: options } = parseArgs({ options: { save: { type: 'string' }, against: { type: 'string' } } });
const before = options.against === undefined ? [] : readMeasurements(options.against);
const directory = mkdtempSync(join(tmpdir(), 'lvs-bench-all-'));
const record = join(directory, 'measurements');
try {
  for (const name of compared) run(name);
  const now = existsSync(record) ? readMeasurements(record) : [];
  process.stdout.write('\n');
  for (const line of compareMeasurements(before, now).map(describe)) process.stdout.write(`${line}\n`);
  if (options.save !== undefined && existsSync(record)) copyFileSync(record, options.save);
} finally {
  rmSync(directory, { recursive: true });
}

function run(name: string): void {
  const words = ['--import', 'tsx', fileURLToPath(new URL('main.ts', import.meta.url)), name];
  const environment = { ...process.env, [recordVariable]: record };
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit', env: environment });
  if (status !== 0) process.exitCode = 1;
}

function describe({ name, before, now, isWorse }: Comparison): string {
  const numbers = [before, now].map((value) => (value === undefined ? '-' : value.toFixed(2)).padStart(10));
  if (isWorse) process.exitCode = 1;
  return `${name.padEnd(60)}${numbers.join('')}${isWorse ? '  worse' : ''}`;
}
