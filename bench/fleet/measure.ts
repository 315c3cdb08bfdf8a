/**
 * What the alert rules cost Debian's Prometheus for so many simulated nodes: `npm run bench -- fleet [NODES]...`. Of ten
 * nodes two are a pair of directors with 10 services of 4 real servers each, the others are compute nodes, and all are in
 * order. Each serves what the program makes of a recording; Prometheus scrapes them and evaluates alerts/. What the rules
 * look back at is made up beforehand: a whole day for all nodes, seven days for 100 at most.
 *
 * Times are the shortest and the median of several evaluations: a machine that has other work to do adds to them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeHistory } from './history.ts';
import { pastOf, rules, windowsOfRules } from './past.ts';
import { startFleetPrometheus } from './prometheus.ts';
import { report } from './report.ts';
import { everySeconds, servePages, target } from './served.ts';
import { watchRules } from './watch.ts';

const warmUpSeconds = 45;
const measuredSeconds = 150;

const sizes = process.argv.slice(2).map(Number);

for (const nodes of sizes.length > 0 ? sizes : [1, 100, 1000]) await measure(nodes);

async function measure(nodes: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lvs-bench-fleet-'));
  const data = join(folder, 'data');
  const pages = await servePages();
  try {
    const targets = Array.from({ length: nodes }, (_, index) => target(index, pages.address));
    const history = pastOf(targets, pages.text, await windowsOfRules());
    const endSeconds = Math.floor(Date.now() / 1000);
    const samples = await writeHistory(history, { data, folder, endSeconds });
    const prometheus = await startFleetPrometheus({ folder, data, targets, everySeconds, rules });
    try {
      await sleep(warmUpSeconds * 1000);
      const watched = await watchRules(prometheus.url, measuredSeconds);
      report(`${nodes} nodes, ${samples} samples of history`, watched);
    } finally {
      await prometheus.stop();
    }
  } finally {
    pages.stop();
    await rm(folder, { recursive: true });
  }
}
