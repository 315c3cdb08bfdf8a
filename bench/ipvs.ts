/**
 * One scrape of an IPVS table with this exporter and with Debian's prometheus-node-exporter, in turns, on the same
 * tree: `npm run build && npx tsx bench/ipvs.ts [SERVICES]...`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { defaultCollectors } from '../src/collectors/index.ts';
import { makeTree } from './ipvs-tree.ts';

const realServers = 20;
/** Part of node_exporter's wall time that a scrape of 1,000 services may take. */
const goal = 0.35;
const rounds = 9;
const warmUp = 3;
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
  'who',
  'wall ms',
  'CPU ms',
  'bytes',
  'peak RSS MB',
  `wall ratio, goal ${goal}`,
  'CPU ratio',
];
process.stdout.write(`${columns.join('\t')}\n`);
for (const services of sizes.length > 0 ? sizes : [10, 100, 1000, 5000]) await compare(services);

async function compare(services: number): Promise<void> {
  const tree = makeTree(services, realServers);
  const [ours, theirs] = [startOurs(tree), startTheirs(tree)];
  try {
    await Promise.all([ours, theirs].map(answering));
    const [mine, other]: [Measured[], Measured[]] = [[], []];
    for (let round = 0; round < warmUp + rounds; round++) {
      mine.push(await scrape(ours));
      other.push(await scrape(theirs));
    }
    const [a, b] = [summarize(mine.slice(warmUp)), summarize(other.slice(warmUp))];
    const ratios = [(a.wallMs / b.wallMs).toFixed(2), (a.cpuMs / b.cpuMs).toFixed(2)];
    print([services, 'lvs-exporter', ...describe(a), peakMegabytes(ours), ...ratios]);
    print([services, 'node_exporter', ...describe(b), peakMegabytes(theirs)]);
  } finally {
    for (const { process } of [ours, theirs]) await stop(process);
    rmSync(tree, { recursive: true });
  }
}

function startOurs(tree: string): Exporter {
  const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
  const others = defaultCollectors.filter(({ name, optional }) => name !== 'ipvs' && !optional);
  const off = others.map(({ name }) => `--no-collector.${name}`);
  const limit = '--collector.ipvs.max-series=999999999';
  const listen = '--web.listen-address=127.0.0.1:21044';
  const options = [`--path.procfs=${tree}`, ...off, limit, listen, '--log.level=error'];
  return { process: start(process.execPath, [program, ...options]), url: 'http://127.0.0.1:21044/metrics' };
}

function startTheirs(tree: string): Exporter {
  const options = ['--collector.disable-defaults', '--collector.ipvs', '--web.listen-address=127.0.0.1:21045'];
  const child = start('prometheus-node-exporter', [...options, `--path.procfs=${tree}`, '--log.level=error']);
  return { process: child, url: 'http://127.0.0.1:21045/metrics' };
}

function start(command: string, options: readonly string[]): ChildProcess {
  return spawn(command, options, { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function answering({ url }: Exporter): Promise<void> {
  while (!(await fetch(url).catch(() => undefined))) await sleep(50);
}

/** As Prometheus asks. The bytes are those of the compressed text. */
async function scrape({ process, url }: Exporter): Promise<Measured> {
  const cpuBefore = cpuMilliseconds(process);
  const begin = performance.now();
  const bytes = await fetchCompressed(url);
  return { wallMs: performance.now() - begin, cpuMs: cpuMilliseconds(process) - cpuBefore, bytes };
}

function fetchCompressed(url: string): Promise<number> {
  const headers = { accept: 'text/plain;version=0.0.4', 'accept-encoding': 'gzip' };
  return new Promise((resolve, reject) => {
    const request = get(url, { headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve(bytes)).on('error', reject);
    });
    request.on('error', reject);
  });
}

/** utime and stime of /proc/PID/stat, in ticks of 10 ms: exact enough over several rounds. */
function cpuMilliseconds({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function peakMegabytes({ process: { pid } }: Exporter): string {
  const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number(kilobytes) / 1024).toFixed(0);
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
