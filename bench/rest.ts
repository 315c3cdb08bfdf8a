/**
 * What the bundled program holds at rest, with all default collectors, and when it first answers a scrape, beside the bare
 * runtime that it runs on: `npm run bench -- rest [NODE]...`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { layOut } from '../packaging/lay-out.ts';
import { runtimeOptions } from '../packaging/runtime-options.ts';
import { noteMeasurement } from './measurements.ts';
import { environment } from './packaged-program.ts';

const address = '127.0.0.1:21046';
const [scrapes, scrapeSeconds] = [8, 15];
const starts = 5;

const repository = fileURLToPath(new URL('..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'lvs-bench-rest-'));
try {
  const program = await layOut(repository, directory);
  print('runtime', 'bare MiB', 'MiB', 'anonymous', 'first scrape ms');
  for (const runtime of [process.execPath, ...process.argv.slice(2)]) await measure(runtime, program);
} finally {
  rmSync(directory, { recursive: true });
}

async function measure(runtime: string, program: string): Promise<void> {
  const bare = start(runtime, ['--eval', 'setInterval(() => undefined, 1e6)']);
  await sleep(2000);
  const [bareMebibytes] = residentMebibytes(bare);
  await stop(bare);
  const firsts: number[] = [];
  for (let count = 1; count < starts; count++) firsts.push(await measureStart(runtime, program, stop));
  firsts.push(await measureStart(runtime, program, (child) => rest(runtime, child, bareMebibytes, firsts)));
  noteMeasurement(`rest ${runtime}: first scrape ms`, firsts);
}

/** Resolves to the milliseconds until the first scrape was answered. */
async function measureStart(runtime: string, program: string, then: (child: ChildProcess) => Promise<void>) {
  const began = performance.now();
  const child = start(runtime, [...runtimeOptions, program, `--web.listen-address=${address}`, '--log.level=error']);
  while (!(await scrape().catch(() => undefined))) await sleep(2);
  const milliseconds = performance.now() - began;
  await then(child);
  return milliseconds;
}

async function rest(runtime: string, child: ChildProcess, bare: number, firsts: readonly number[]): Promise<void> {
  for (let count = 0; count < scrapes; count++) {
    await sleep(scrapeSeconds * 1000);
    await scrape();
  }
  const [resident, anonymous] = residentMebibytes(child);
  noteMeasurement(`rest ${runtime}: MiB`, [resident]);
  const median = firsts.toSorted((one, other) => one - other)[firsts.length >> 1] ?? Number.NaN;
  print(runtime, ...[bare, resident, anonymous, median].map((value) => value.toFixed(0)));
  await stop(child);
}

async function scrape(): Promise<number> {
  const response = await fetch(`http://${address}/metrics`);
  return (await response.text()).length;
}

function residentMebibytes({ pid }: ChildProcess): [all: number, anonymous: number] {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024;
  return [read('VmRSS'), read('RssAnon')];
}

function start(runtime: string, words: readonly string[]): ChildProcess {
  return spawn(runtime, words, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill();
  await once(child, 'close');
}

function print(first: string, ...others: readonly string[]): void {
  process.stdout.write(`${first.padEnd(40)}${others.map((column) => column.padStart(16)).join('')}\n`);
}
