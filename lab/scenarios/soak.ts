import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { exporterPort } from '../cluster/exporter.ts';
import { logFolder, repository } from '../cluster/folders.ts';
import { fetchText } from '../cluster/http.ts';
import { startKeepalived, stopKeepalived } from '../cluster/keepalived.ts';
import { withLastingLoad } from '../cluster/lasting-load.ts';
import type { Node } from '../cluster/node.ts';
import { type Scrape, type Scrapes, scrapeOften } from '../cluster/scrapes.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';
import { findTrend, median } from '../trend.ts';

/**
 * On the first the process grows to its size: V8 still compiles after 4,000 runs of a collector (`npm run bench -- heap`),
 * and the history of 800 scans is full after 800 s.
 */
const days = 2;
/** Two Prometheus servers, each every 15 s. */
const scrapesOfDay = 11_520;
const clients = 2;
/** On a slow machine there are fewer, and a day is what they would come to. */
const maxSecondsOfDay = 1080;
const everyMilliseconds = 150;

/** Hours of all days. */
const parts = 24 * days;
const failovers = parts;

const port = exporterPort + 3;

/** As often as a schedule allows, but for what is rare and starts commands. */
const flags = [
  '--collector.ipvs-connections',
  '--collector.ipvs-connections.schedule=*/4 * * * * *',
  '--collector.conntrack-table.schedule=* * * * * *',
  '--collector.keepalived-dumps.schedule=* * * * * *',
  '--collector.network.schedule=*/2 * * * * *',
  '--collector.platform.schedule=*/20 * * * * *',
];

/** Connections to the VIP. */
const loadPerSecond = 3;

/**
 * A module that collects the garbage of the whole heap now and then, so that in each part of a run the heap once holds no
 * more than is in use, and reports at the end how late the event loop was: half of the time, all but one time in a
 * hundred, and at most.
 */
const watcher = `data:text/javascript,${encodeURIComponent(`
  import { monitorEventLoopDelay } from 'node:perf_hooks';
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  setInterval(globalThis.gc, 30_000).unref();
  const at = (percentile) => (delay.percentile(percentile) / 1e6 - 10).toFixed(1);
  process.on('exit', () => process.stderr.write('delay of the event loop: ' + at(50) + ' ms, ' + at(99) + ' ms, ' + at(100) + ' ms\\n'));
`)}`;

const mebibyte = 2 ** 20;
/** In a day. */
const maxMebibytes = 2;
const pollMilliseconds = 200;

export const soak: Scenario = {
  name: 'soak',
  shows: 'the scrapes of two days, in 36 minutes, leave nothing behind; to be run alone: it ends the other exporters',
  run: runSoak,
};

async function runSoak(lab: Lab): Promise<void> {
  const { node, vip, see, print } = lab;
  const director = node('director1');
  await endMonitoring(lab);
  startExporter(director);
  const address = `${director.management}:${port}`;
  await see(
    'the exporter on director1 is ready',
    () => fetchText(`http://${address}/-/ready`),
    () => true,
    { withinSeconds: 60 },
  );
  const startedAt = performance.now();
  let scrapes: Scrapes = { answered: [], missed: [] };
  await withLastingLoad(node('client'), `http://${vip}/`, loadPerSecond, async () => {
    let progress = 0;
    const scraping = scrapeOften({
      ...{ address, clients, everyMilliseconds },
      ...{ total: days * scrapesOfDay, maxSeconds: days * maxSecondsOfDay },
      onProgress(share) {
        progress = share;
      },
    });
    await failOver(director, failovers, () => progress);
    scrapes = await scraping;
  });
  const seconds = (performance.now() - startedAt) / 1000;
  print(`         ${scrapes.answered.length} scrapes and ${failovers} failovers in ${seconds.toFixed(0)} s`);
  await seeNothingLeft(lab, scrapes);
  await seeAllWork(lab, address);
  await seeDelay(lab, director);
}

/** What else runs takes time that the exporter needs. compute sees the processes of all nodes. */
async function endMonitoring({ node }: Lab): Promise<void> {
  // In brackets, or pkill would end what runs it.
  for (const program of ['[d]ist/main.js', '[p]rometheus --config']) {
    await node('compute').run('pkill', ['--full', program]);
  }
}

function startExporter(director: Node): void {
  director.start(process.execPath, [
    '--expose-gc',
    '--import',
    watcher,
    `${repository}/dist/main.js`,
    `--web.listen-address=:${port}`,
    ...flags,
  ]);
}

/** The director resigns, and takes over again, so many times. `progress` goes from 0 to 1. */
async function failOver(director: Node, times: number, progress: () => number): Promise<void> {
  const until = async (share: number) => {
    while (progress() < share) await sleep(pollMilliseconds);
  };
  for (let time = 0; time < times; time++) {
    await until((time + 0.25) / times);
    await stopKeepalived(director);
    await until((time + 0.75) / times);
    startKeepalived(director);
  }
}

async function seeNothingLeft({ see }: Lab, { answered, missed }: Scrapes): Promise<void> {
  await see(
    'every scrape was answered',
    async () => ({ answered: answered.length, missed: missed.slice(0, 3) }),
    (seen) => seen.answered > 0 && seen.missed.length === 0,
  );

  await see(
    'no collector failed, but for those of keepalived while it was away',
    async () => [...new Set(answered.flatMap(({ failed }) => failed))],
    (failed) => failed.every((name) => name.startsWith('keepalived')),
  );
  const lastDay = split(answered).slice(-parts / days);
  const [first = [], last = []] = [lastDay[0], lastDay.at(-1)];
  const grow = (values: readonly number[]) => describeGrowth(values, (parts * scrapesOfDay) / answered.length);
  await see(
    `on the last day the memory does not grow by ${maxMebibytes} MiB: resident, and what the heap holds at least`,
    async () => ({
      resident: grow(lastDay.map((scrapes) => median(scrapes.map(({ residentBytes }) => residentBytes)))),
      heap: grow(lastDay.map((scrapes) => Math.min(...scrapes.map(({ heapBytes }) => heapBytes)))),
    }),
    ({ resident, heap }) => Math.max(...[resident, heap].map(({ low }) => low)) < maxMebibytes,
  );

  // The fewest: what is being read at a moment has some as well.
  const descriptors = (scrapes: readonly Scrape[]) =>
    Math.min(...scrapes.map(({ openDescriptors }) => openDescriptors));
  await see(
    'as many files and sockets are open at the end of the last day as at its start',
    async () => ({ first: descriptors(first), last: descriptors(last) }),
    (open) => open.last <= open.first,
  );
}

/** In MiB: at first and at last, and the growth of a day with its bounds (95 %). */
function describeGrowth(bytes: readonly number[], stepsPerDay: number) {
  const round = (value = Number.NaN) => Math.round((value / mebibyte) * 10) / 10;
  const { perStep, low, high } = findTrend(bytes);
  const perDay = (slope: number) => round(slope * stepsPerDay);
  return {
    first: round(bytes[0]),
    last: round(bytes.at(-1)),
    perDay: perDay(perStep),
    low: perDay(low),
    high: perDay(high),
  };
}

function split(scrapes: readonly Scrape[]): Scrape[][] {
  const start = (part: number) => Math.floor((scrapes.length * part) / parts);
  return Array.from({ length: parts }, (_, part) => scrapes.slice(start(part), start(part + 1)));
}

async function seeAllWork({ see }: Lab, address: string): Promise<void> {
  await see(
    'in the end every collector works',
    async () =>
      [...(await fetchText(`http://${address}/metrics`)).matchAll(/^lvs_exporter_collector_\w+\{.*\} 0$/gm)].map(
        ([line]) => line,
      ),
    (failing) => failing.length === 0,
    { withinSeconds: 60 },
  );
}

/** The figures are those of a slow machine: no more than that there are some is asked. */
async function seeDelay({ see }: Lab, director: Node): Promise<void> {
  await director.run('pkill', ['--full', '[d]ist/main.js']);
  await see(
    'the delay of the event loop: median, 99th percentile and most',
    async () =>
      /delay of the event loop: (.*)/.exec(await readFile(`${logFolder}/director1-node.log`, 'utf8'))?.[1] ?? '',
    (delays) => delays !== '',
  );
}
