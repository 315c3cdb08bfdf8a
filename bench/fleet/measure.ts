/**
 * What the alert rules cost Debian's Prometheus for so many simulated nodes: `npm run bench -- fleet [NODES]...`. Of ten
 * nodes two are a pair of directors with 10 services of 4 real servers each, the others are compute nodes, and all are in
 * order. Each serves what the program makes of a recording; Prometheus scrapes them and evaluates alerts/. What the rules
 * look back at is made up beforehand: a whole day for all nodes, seven days for 100 at most.
 *
 * Times are the shortest and the median of several evaluations: a machine that has other work to do adds to them.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert, type RuleGroup } from '../../alerts/src/rule.ts';
import { type HistorySeries, readWindows, writeHistory } from './history.ts';
import { seriesOf } from './pages.ts';
import { startFleetPrometheus, type Target } from './prometheus.ts';
import { report } from './report.ts';
import { everySeconds, servePages, target } from './served.ts';
import { watchRules } from './watch.ts';

const rules = fileURLToPath(new URL('../../alerts/lvs-exporter.rules.yml', import.meta.url));
const warmUpSeconds = 45;
const measuredSeconds = 150;
const daySeconds = 86_400;
const maxNodesWithWeek = 100;

const sizes = process.argv.slice(2).map(Number);

for (const nodes of sizes.length > 0 ? sizes : [1, 100, 1000]) await measure(nodes);

async function measure(nodes: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lvs-bench-fleet-'));
  const data = join(folder, 'data');
  const pages = await servePages();
  try {
    const targets = Array.from({ length: nodes }, (_, index) => target(index, pages.address));
    const history = await pastOf(targets, pages.text);
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

/** The series that the rules look back at, scraped and recorded, for as long as they do. */
async function pastOf(targets: readonly Target[], text: (path: string) => string): Promise<HistorySeries[]> {
  const windows = readWindows(await readFile(rules, 'utf8'));
  return targets.flatMap(({ labels, path }, index) =>
    seriesOf(text(path)).flatMap((series) => {
      const [metric = '', own = ''] = series.replace(/\}$/, ',').split('{');
      const common = `job="lvs-exporter",instance="${labels.instance}",cluster="${labels.cluster}"`;
      return [...windows]
        .filter(([name]) => name === metric || name.split(':')[1] === metric)
        .map(([name, seconds]) => ({
          series: `${name}{${own}${common}}`,
          seconds: Math.min(seconds, index < maxNodesWithWeek ? Number.POSITIVE_INFINITY : daySeconds),
          everySeconds: groups.find((group) => records(group, name))?.intervalSeconds ?? everySeconds,
        }));
    }),
  );
}

function records({ rules: all }: RuleGroup, name: string): boolean {
  return all.some((rule) => !isAlert(rule) && rule.record === name);
}
