import { setTimeout as sleep } from 'node:timers/promises';
import { exporterPort } from '../cluster/exporter.ts';
import { repository } from '../cluster/folders.ts';
import { fetchText } from '../cluster/http.ts';
import { startKeepalived, stopKeepalived } from '../cluster/keepalived.ts';
import { withLastingLoad } from '../cluster/lasting-load.ts';
import type { Node } from '../cluster/node.ts';
import { type Scrapes, scrapeOften } from '../cluster/scrapes.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';
import { days, parts, scrapesOfDay, seeAllWork, seeDelay, seeNothingLeft } from './soak-checks.ts';

const clients = 2;
/** On a slow machine there are fewer, and a day is what they would come to. */
const maxSecondsOfDay = 1080;
const everyMilliseconds = 150;
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
