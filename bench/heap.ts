/**
 * Heap size after N runs of every collector that has a schedule, with a scrape after every seventh run. Separates the
 * growth of the program, which ends, from a leak, which does not. Takes three minutes.
 *
 *     npm run bench -- heap
 */
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { simulateNode } from './fleet/pages.ts';

const runs = 9000;
const reportInterval = 600;
const scrapeEvery = 7;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const node = await simulateNode({ machine: 'director1', size: { services: 2, realServers: 2 } });
const startSeconds = 1_780_000_000;
process.stdout.write('   runs    MiB\n');
for (let run = 1; run <= runs; run++) {
  await node.runScheduled(startSeconds + run);
  if (run % scrapeEvery === 0) await node.scrape();
  if (run % reportInterval === 0) report(run);
}

function report(run: number): void {
  // What the first finds to be finalised, the second collects.
  collectGarbage();
  collectGarbage();
  const mebibytes = process.memoryUsage().heapUsed / 2 ** 20;
  process.stdout.write(`${String(run).padStart(7)}${mebibytes.toFixed(2).padStart(7)}\n`);
}
