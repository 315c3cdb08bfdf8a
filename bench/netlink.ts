/**
 * Measures the reading of a real connection tracking table of a million flows against `conntrack -L` and against a loop
 * that only receives, and a sample of 20,000 flows at three sizes. Run as root: `npx tsx bench/netlink.ts`
 *
 * The table is in a network namespace of its own. nf_conntrack_max, which is the whole kernel's, is raised while it runs.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { noteMeasurement } from './measurements.ts';
import type { Measured } from './netlink-reader.ts';

const rounds = 5;
const sizes = [10_000, 100_000, 1_000_000];
const unrepliedShare = 0.8;
const timeout = 120_000;

const name = `lvs-bench-${process.pid}`;
const directory = mkdtempSync(join(tmpdir(), 'lvs-bench-'));
const limitFile = '/proc/sys/net/netfilter/nf_conntrack_max';
const limit = readFileSync(limitFile, 'utf8').trim();

function cleanUp(): void {
  spawnSync('ip', ['netns', 'delete', name]);
  writeFileSync(limitFile, limit);
  rmSync(directory, { recursive: true, force: true });
}

function inNamespace(command: string, ...parameters: readonly string[]): string {
  return execFileSync('ip', ['netns', 'exec', name, command, ...parameters], {
    encoding: 'utf8',
    timeout,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** Adds flows until the table has `size`: four in five are one-way TCP, the rest answered TCP and UDP. */
async function grow(from: number, size: number): Promise<void> {
  const file = join(directory, 'flows');
  await pipeline(Readable.from(describeFlows(from, size)), createWriteStream(file));
  inNamespace('conntrack', '-R', file);
}

function* describeFlows(from: number, size: number): Generator<string> {
  for (let i = from; i < size; i++) {
    const source = `-s 10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255} --sport ${1024 + ((i * 7) % 60_000)} -t 86400`;
    const kind = i % 10;
    if (kind < 10 * unrepliedShare) yield `-A -p tcp -d 192.0.2.1 --dport 80 ${source} --state SYN_SENT -u UNSET\n`;
    else if (kind === 8)
      yield `-A -p tcp -d 192.0.2.2 --dport 443 ${source} --state ESTABLISHED -u SEEN_REPLY,ASSURED\n`;
    else yield `-A -p udp -d 192.0.2.3 --dport 53 ${source} -u SEEN_REPLY\n`;
  }
}

function measure(mode: string): Measured {
  const reader = new URL('netlink-reader.ts', import.meta.url).pathname;
  return JSON.parse(inNamespace(process.execPath, '--import', 'tsx', reader, mode));
}

function measureConntrack(): number {
  const start = performance.now();
  spawnSync('ip', ['netns', 'exec', name, 'conntrack', '-L'], { stdio: 'ignore', timeout });
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function print(...columns: readonly (string | number)[]): void {
  const cells = columns.map((column, index) => {
    const text = typeof column === 'number' ? column.toFixed(column < 10 ? 2 : 0) : column;
    return index === 0 ? text.padEnd(34) : text.padStart(15);
  });
  process.stdout.write(`${cells.join('')}\n`);
}

async function compareSamples(): Promise<void> {
  print('sample of 20,000', 'ms', 'unreplied', 'true');
  let loaded = 0;
  for (const size of sizes) {
    await grow(loaded, size);
    loaded = size;
    const samples = Array.from({ length: rounds }, () => measure('sample'));
    const shares = samples.map(({ unreplied, entries }) => unreplied / entries);
    print(
      `of ${size.toLocaleString('en')}`,
      median(samples.map(({ milliseconds }) => milliseconds)),
      median(shares),
      unrepliedShare,
    );
  }
}

const notedKeys = [
  ['peak MiB', 'rssMebibytes'],
  ['event loop delay p99 ms', 'delay99Milliseconds'],
] as const;

function compareFullReadings(): void {
  const scans: Measured[] = [];
  const reads: Measured[] = [];
  const bares: Measured[] = [];
  const lists: number[] = [];
  for (let round = 0; round < rounds; round++) {
    scans.push(measure('scan'));
    reads.push(measure('read'));
    bares.push(measure('bare'));
    lists.push(measureConntrack());
  }
  const bare = median(bares.map(({ milliseconds }) => milliseconds));
  const list = median(lists);
  process.stdout.write('\n');
  print(
    `full reading, median of ${rounds}`,
    'ms',
    '/ bare',
    '/ conntrack',
    'peak RSS MiB',
    'delay p99 ms',
    'delay max ms',
  );
  const printReading = (name: string, all: readonly Measured[]) => {
    const worst = (key: keyof Measured) => Math.max(...all.map((measured) => measured[key]));
    const milliseconds = median(all.map((one) => one.milliseconds));
    const delays = [worst('delay99Milliseconds'), worst('delayMaxMilliseconds')];
    print(name, milliseconds, milliseconds / bare, milliseconds / list, worst('rssMebibytes'), ...delays);
  };
  noteMeasurement(
    'netlink: scan / conntrack -L',
    scans.map(({ milliseconds }, round) => milliseconds / (lists[round] ?? Number.NaN)),
  );
  for (const [name, key] of notedKeys)
    noteMeasurement(
      `netlink: ${name} of a scan`,
      scans.map((scan) => scan[key]),
    );
  printReading('scan: read, and take a census', scans);
  printReading('read', reads);
  print(
    'receive and look at nothing',
    bare,
    1,
    bare / list,
    Math.max(...bares.map(({ rssMebibytes }) => rssMebibytes)),
  );
  print('conntrack -L >/dev/null', list, list / bare, 1);
}

process.once('SIGINT', () => {
  cleanUp();
  process.exit(130);
});
try {
  const needed = Math.max(...sizes) * 2;
  if (Number(limit) !== 0 && Number(limit) < needed) writeFileSync(limitFile, String(needed));
  execFileSync('ip', ['netns', 'add', name]);
  await compareSamples();
  compareFullReadings();
} finally {
  cleanUp();
}
