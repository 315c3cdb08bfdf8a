/**
 * Runs the benchmarks that have a peer and a goal, and keeps what they measured, or compares it with what was kept:
 *
 *     npm run bench -- all --save before
 *     npm run bench -- all --against before
 *
 * With `--measured FILE`, what another run kept is compared, and nothing runs. The exit code is 1 if anything is worse or
 * missing, or a benchmark failed; 2 if a file or an option is wrong.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatComparisons, hasFault } from './comparison.ts';
import { compareMeasurements, type Measurement, readMeasurements, recordVariable } from './measurements.ts';

/** So large that a run ends within 6 minutes. */
const compared: Readonly<Record<string, readonly string[]>> = { rest: [], ipvs: ['10', '1000'], netlink: ['200000'] };
const usageExitCode = 2;

interface Options {
  readonly save: string | undefined;
  readonly before: readonly Measurement[] | undefined;
  readonly measured: readonly Measurement[] | undefined;
}

const options = readOptions();
if (options) compare(options.before, options.measured ?? measure(options.save));

/** Before anything runs: a run takes minutes. */
function readOptions(): Options | undefined {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({ options: { save: text, against: text, measured: text } });
    const { save } = values;
    const [before, measured] = [values.against, values.measured].map((file) => file && readMeasurements(file));
    if (save !== undefined) appendFileSync(save, '');
    return { save, before: before || undefined, measured: measured || undefined };
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = usageExitCode;
    return undefined;
  }
}

function measure(save: string | undefined): readonly Measurement[] {
  const directory = mkdtempSync(join(tmpdir(), 'lvs-bench-all-'));
  const record = join(directory, 'measurements');
  appendFileSync(record, '');
  try {
    for (const [name, sizes] of Object.entries(compared)) run(name, sizes, record);
    if (save !== undefined) copyFileSync(record, save);
    return readMeasurements(record);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function run(name: string, sizes: readonly string[], record: string): void {
  process.stdout.write(`\n${[name, ...sizes].join(' ')}\n`);
  const words = ['--import', 'tsx', fileURLToPath(new URL('main.ts', import.meta.url)), name, ...sizes];
  const environment = { ...process.env, [recordVariable]: record };
  const { status, signal } = spawnSync(process.execPath, words, { stdio: 'inherit', env: environment });
  if (status === 0) return;
  process.stderr.write(`bench: ${name} failed: ${signal ?? `exit code ${status}`}\n`);
  process.exitCode = 1;
}

function compare(before: readonly Measurement[] | undefined, now: readonly Measurement[]): void {
  const comparisons = compareMeasurements(before ?? [], now);
  process.stdout.write(`\n${formatComparisons(comparisons)}`);
  if (hasFault(comparisons)) process.exitCode = 1;
}
