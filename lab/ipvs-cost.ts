/**
 * Measures one scrape of this node's IPVS table, the reading over netlink alone that is a part of it, and
 * `ipvsadm -Ln --stats --exact`, in turns:
 *
 *     node ipvs-cost.mjs REPOSITORY ROUNDS
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { cpuMilliseconds, fetchCompressed, ipvsAlone, peakMebibytes } from '../bench/exporter-cost.ts';

export interface Cost {
  /** The median. */
  readonly wallMilliseconds: number;
  /** The mean, of user and kernel. */
  readonly cpuMilliseconds: number;
  /** The largest resident set. */
  readonly peakMebibytes: number;
  /** What is written: compressed text, or plain. Nothing is by a reading. */
  readonly bytes: number | undefined;
}

export interface IpvsCost {
  readonly reading: Cost;
  readonly scrape: Cost;
  readonly ipvsadm: Cost;
  /** What the last scrape returned. */
  readonly exposition: string;
}

interface Turn {
  readonly wall: number;
  readonly cpu: number;
}

const warmUp = 2;
const address = '127.0.0.1:10099';
const url = `http://${address}/metrics`;
const listing = ['--list', '--numeric', '--stats', '--exact'];

const [repository = '', rounds] = process.argv.slice(2);
const { readIpvs }: typeof import('../src/netlink/ipvs/ipvs.ts') = await import(
  `${repository}/dist/netlink/ipvs/ipvs.js`
);
const { defaultCollectors }: typeof import('../src/collectors/index.ts') = await import(
  `${repository}/dist/collectors/index.js`
);
const exporter = startExporter();
let compressed: Uint8Array = new Uint8Array();
const turns = { reading: [] as Turn[], scrape: [] as Turn[], ipvsadm: [] as Turn[] };

while (!(await fetchCompressed(url).catch(() => undefined))) await sleep(100);
for (let round = 0; round < warmUp + Number(rounds); round++) {
  turns.reading.push(await measureReading());
  turns.scrape.push(await measureScrape());
  turns.ipvsadm.push(measureIpvsadm());
}
const cost: IpvsCost = {
  reading: summarize(turns.reading, process.resourceUsage().maxRSS / 1024),
  scrape: summarize(turns.scrape, peakMebibytes(exporter), compressed.length),
  ipvsadm: summarize(turns.ipvsadm, ...(await weighIpvsadm())),
  exposition: gunzipSync(compressed).toString(),
};
exporter.kill();
process.stdout.write(JSON.stringify(cost));

function startExporter(): ChildProcess {
  const options = [`--web.listen-address=${address}`, '--log.level=error', ...ipvsAlone(defaultCollectors)];
  const words = [`${repository}/dist/main.js`, ...options];
  return spawn(process.execPath, words, { stdio: 'ignore' });
}

async function measureReading(): Promise<Turn> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  await readIpvs();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - started, cpu: (user + system) / 1000 };
}

async function measureScrape(): Promise<Turn> {
  const [started, before] = [performance.now(), cpuMilliseconds(exporter)];
  compressed = await fetchCompressed(url);
  return { wall: performance.now() - started, cpu: cpuMilliseconds(exporter) - before };
}

/** Seconds that passed, of user and of kernel, as Bash reports them for the command. */
function measureIpvsadm(): Turn {
  const script = `TIMEFORMAT='%3R %3U %3S'; { time ipvsadm "$@" >/dev/null; } 2>&1`;
  const times = execFileSync('bash', ['-c', script, 'time', ...listing], { encoding: 'utf8' });
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = times.split(' ').map(Number);
  return { wall: wall * 1000, cpu: (user + system) * 1000 };
}

/** Read while the process writes: after its end the kernel has no figures of it. */
async function weighIpvsadm(): Promise<[peakMebibytes: number, bytes: number]> {
  const child = spawn('ipvsadm', listing, { stdio: ['ignore', 'pipe', 'inherit'] });
  let [most, bytes] = [0, 0];
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    most = Math.max(most, peakMebibytes(child));
  });
  await once(child, 'close');
  return [most, bytes];
}

function summarize(all: readonly Turn[], peakMebibytes: number, bytes?: number): Cost {
  const measured = all.slice(warmUp);
  const walls = measured.map(({ wall }) => wall).sort((one, other) => one - other);
  return {
    wallMilliseconds: walls[walls.length >> 1] ?? Number.NaN,
    cpuMilliseconds: measured.reduce((sum, { cpu }) => sum + cpu, 0) / measured.length,
    peakMebibytes,
    bytes,
  };
}
