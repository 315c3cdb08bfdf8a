/**
 * One scrape of an IPVS table with this exporter, bundled and started as the packages have it, and with Debian's
 * prometheus-node-exporter, in turns, on the same tree: `npm run bench -- ipvs [SERVICES]...`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { layOut } from '../packaging/lay-out.ts';
import { runtimeOptions } from '../packaging/runtime-options.ts';
import { defaultCollectors } from '../src/collectors/index.ts';
import { cpuMilliseconds, fetchCompressed, ipvsAlone, peakMebibytes } from './exporter-cost.ts';
import { makeTree } from './ipvs-tree.ts';
import { noteMeasurement } from './measurements.ts';
import { environment } from './packaged-program.ts';

const realServers = 20;
/** Part of node_exporter's wall time that a scrape of 1,000 services may take. */
const goal = 0.2;
const roundsOf = (services: number) => (services < 100 ? 99 : 9);
/** Scrapes of both before the first that counts: what runs often is compiled only then. */
const warmUpOf = (services: number) => Math.min(200, Math.max(10, Math.round(20_000 / services)));
const sizes = process.argv.slice(2).map(Number);

interface Measured {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly bytes: number;
}

interface Exporter {
  readonly process: ChildProcess;
  readonly url: string;
}

const columns = [
  'services',
  'warm-up scrapes',
  'who',
  'wall ms',
  'CPU ms',
  'bytes',
  'peak RSS MiB',
  `wall ratio, goal ${goal}`,
  'CPU ratio',
  'loop delay p99 ms',
  'max ms',
];
process.stdout.write(`${columns.join('\t')}\n`);
const repository = fileURLToPath(new URL('..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'lvs-bench-ipvs-'));
try {
  const program = await layOut(repository, directory);
  for (const services of sizes.length > 0 ? sizes : [10, 100, 1000, 5000]) await compare(program, services);
} finally {
  rmSync(directory, { recursive: true });
}

async function compare(program: string, services: number): Promise<void> {
  const tree = makeTree(services, realServers);
  const [ours, theirs] = [startOurs(program, tree), startTheirs(tree)];
  try {
    await Promise.all([ours, theirs].map(answering));
    const [mine, other]: [Measured[], Measured[]] = [[], []];
    const [warmUp, rounds] = [warmUpOf(services), roundsOf(services)];
    for (let round = 0; round < warmUp + rounds; round++) {
      if (round === warmUp) ours.process.send('begin');
      mine.push(await scrape(ours));
      other.push(await scrape(theirs));
    }
    const [a, b] = [summarize(mine.slice(warmUp)), summarize(other.slice(warmUp))];
    const ratios = [(a.wallMs / b.wallMs).toFixed(2), (a.cpuMs / b.cpuMs).toFixed(2)];
    const [peak, peakOfPeer] = [peakMebibytes(ours.process), peakMebibytes(theirs.process)];
    const { p99, max } = await readDelay(ours.process);
    const delays = [p99, max].map((milliseconds) => milliseconds.toFixed(1));
    print([services, warmUp, 'lvs-exporter', ...describe(a), peak.toFixed(0), ...ratios, ...delays]);
    print([services, warmUp, 'node_exporter', ...describe(b), peakOfPeer.toFixed(0)]);
    const subject = `ipvs ${services}`;
    const walls = mine.map(({ wallMs }, round) => wallMs / (other[round]?.wallMs ?? Number.NaN));
    noteMeasurement(`${subject}: wall time / node_exporter`, walls.slice(warmUp));
    noteMeasurement(`${subject}: CPU time / node_exporter`, [a.cpuMs / b.cpuMs]);
    noteMeasurement(`${subject}: peak memory / node_exporter`, [peak / peakOfPeer]);
    noteMeasurement(`${subject}: event loop delay p99 ms`, [p99]);
  } finally {
    for (const { process } of [ours, theirs]) await stop(process);
    rmSync(tree, { recursive: true });
  }
}

function startOurs(program: string, tree: string): Exporter {
  const listen = '--web.listen-address=127.0.0.1:21044';
  const options = [`--path.procfs=${tree}`, ...ipvsAlone(defaultCollectors), listen, '--log.level=error'];
  const monitor = fileURLToPath(new URL('loop-delay.mjs', import.meta.url));
  const child = start(process.execPath, [...runtimeOptions, '--import', monitor, program, ...options]);
  return { process: child, url: 'http://127.0.0.1:21044/metrics' };
}

function startTheirs(tree: string): Exporter {
  const options = ['--collector.disable-defaults', '--collector.ipvs', '--web.listen-address=127.0.0.1:21045'];
  const child = start('prometheus-node-exporter', [...options, `--path.procfs=${tree}`, '--log.level=error']);
  return { process: child, url: 'http://127.0.0.1:21045/metrics' };
}

function start(command: string, options: readonly string[]): ChildProcess {
  return spawn(command, options, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: environment });
}

/** How late the event loop was since `begin` was sent. */
async function readDelay(child: ChildProcess): Promise<{ readonly p99: number; readonly max: number }> {
  const answer = once(child, 'message');
  child.send('end');
  return (await answer)[0];
}

async function answering({ url }: Exporter): Promise<void> {
  while (!(await fetch(url).catch(() => undefined))) await sleep(50);
}

/** As Prometheus asks. The bytes are those of the compressed text. */
async function scrape({ process, url }: Exporter): Promise<Measured> {
  const cpuBefore = cpuMilliseconds(process);
  const begin = performance.now();
  const { length: bytes } = await fetchCompressed(url);
  return { wallMs: performance.now() - begin, cpuMs: cpuMilliseconds(process) - cpuBefore, bytes };
}

/** The median of the times, the mean of the ticks. */
function summarize(all: readonly Measured[]): Measured {
  const times = all.map(({ wallMs }) => wallMs).sort((a, b) => a - b);
  return {
    wallMs: times[times.length >> 1] ?? Number.NaN,
    cpuMs: all.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / all.length,
    bytes: all[0]?.bytes ?? 0,
  };
}

function describe({ wallMs, cpuMs, bytes }: Measured): string[] {
  return [wallMs.toFixed(1), cpuMs.toFixed(1), String(bytes)];
}

function print(values: readonly (string | number)[]): void {
  process.stdout.write(`${values.join('\t')}\n`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill();
  await once(child, 'close');
}
