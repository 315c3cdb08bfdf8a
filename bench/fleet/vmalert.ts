/**
 * What the alert rules cost vmalert: `npm run bench -- fleet-vmalert [NODES]`, 1,000 by default. One victoria-metrics
 * scrapes the nodes of `npm run bench -- fleet`, all their series, and has the past that the rules look back at; one
 * vmalert evaluates alerts/ on it, without keep_firing_for, which that of Debian 12 does not have. Then the queries of the
 * dashboards run over an hour: with more than 100 nodes those of LVS overview alone, on what was scraped until then.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { dashboards } from '../../dashboards/src/index.ts';
import { overview } from '../../dashboards/src/overview.ts';
import { startRules, startVictoriaMetrics } from '../../scripts/victoria-metrics.ts';
import { withoutKeeping } from '../../scripts/without-keeping.ts';
import { queriesOf } from '../../test/dashboards/expressions.ts';
import { selectorsOf } from '../../test/dashboards/promql.ts';
import type { HistorySeries } from './history.ts';
import { importPast } from './imported-past.ts';
import { pastOf, rules, windowsOfRules } from './past.ts';
import { readOwnMetrics } from './prometheus.ts';
import { rangeSeconds, reportQueries } from './queries.ts';
import { reportRuleCost } from './rule-cost.ts';
import { scrapeJob } from './scrape-job.ts';
import { everySeconds, servePages, target } from './served.ts';

const warmUpSeconds = 20;
const measuredSeconds = 75;
const scrapesSeconds = 30;
/** With more nodes, to store the hour that the dashboards show takes longer than the rest. */
const maxNodesWithHour = 100;

type Metrics = ReadonlyMap<string, number>;

const nodes = Number(process.argv[2] ?? 1000);
const print = (...columns: readonly (string | number)[]) => process.stdout.write(`${columns.join('\t')}\n`);

const hasHour = nodes <= maxNodesWithHour;
const shown = hasHour ? dashboards : [overview];

const folder = await mkdtemp(join(tmpdir(), 'lvs-bench-vmalert-'));
const pages = await servePages();
const targets = Array.from({ length: nodes }, (_, index) => target(index, pages.address));
const database = await startVictoriaMetrics(`-promscrape.config=${await writeScrape()}`);
try {
  print('samples of history', await importPast(database.url, await past()));
  print('scrapes alone, of one processor', await shareOf(database.url, scrapesSeconds));
  const evaluation = await startRules(database.url, await writeRules(), `-evaluationInterval=${everySeconds}s`);
  try {
    await sleep(warmUpSeconds * 1000);
    await report({ 'victoria-metrics': database.url, vmalert: evaluation.url });
  } finally {
    await evaluation.stop();
  }
  const atSeconds = Math.floor(Date.now() / 1000);
  await stopScrapes();
  await reportRuleCost(database, atSeconds);
  await reportQueries(database.url, shown, atSeconds);
} finally {
  await database.stop();
  pages.stop();
  await rm(folder, { recursive: true });
}

async function writeScrape(jobs: readonly unknown[] = [scrapeJob(targets, everySeconds)]): Promise<string> {
  const path = join(folder, 'scrape.yml');
  await writeFile(path, stringify({ scrape_configs: jobs }));
  return path;
}

/** Series end then: what is asked is of a moment before. */
async function stopScrapes(): Promise<void> {
  await writeScrape([]);
  await fetch(`${database.url}/-/reload`);
  await sleep(everySeconds * 1000);
}

async function shareOf(url: string, seconds: number): Promise<string> {
  const before = value(await readOwnMetrics(url), 'process_cpu_seconds_total');
  await sleep(seconds * 1000);
  const after = value(await readOwnMetrics(url), 'process_cpu_seconds_total');
  return `${(((after - before) / seconds) * 100).toFixed(1)} %`;
}

async function writeRules(): Promise<string> {
  const path = join(folder, 'rules.yml');
  await writeFile(path, stringify(withoutKeeping(parse(await readFile(rules, 'utf8')))));
  return path;
}

/** What rules and dashboards look back at. */
async function past(): Promise<HistorySeries[]> {
  const windows = await windowsOfRules();
  if (!hasHour) return pastOf(targets, pages.text, windows);
  const asked = shown.flatMap(queriesOf).flatMap(({ expr }) => selectorsOf(expr).map(({ metric }) => metric));
  for (const metric of asked) windows.set(metric, Math.max(windows.get(metric) ?? 0, rangeSeconds));
  return pastOf(targets, pages.text, windows);
}

async function report(urls: Readonly<Record<'victoria-metrics' | 'vmalert', string>>): Promise<void> {
  const before = new Map(await readAll(urls));
  await sleep(measuredSeconds * 1000);
  print('\npart', 'of one processor', 'resident MiB');
  for (const [part, now] of await readAll(urls)) {
    const share =
      (value(now, 'process_cpu_seconds_total') - value(before.get(part), 'process_cpu_seconds_total')) /
      measuredSeconds;
    print(part, `${(share * 100).toFixed(1)} %`, (value(now, 'process_resident_memory_bytes') / 2 ** 20).toFixed(0));
  }
  print(
    'series',
    value(await readOwnMetrics(urls['victoria-metrics']), 'vm_cache_entries{type="storage/hour_metric_ids"}'),
  );
  reportGroups(await readOwnMetrics(urls.vmalert));
}

async function readAll(urls: Readonly<Record<string, string>>): Promise<[string, Metrics][]> {
  return await Promise.all(
    Object.entries(urls).map(async ([part, url]): Promise<[string, Metrics]> => [part, await readOwnMetrics(url)]),
  );
}

function value(metrics: Metrics | undefined, name: string): number {
  return metrics?.get(name) ?? Number.NaN;
}

/** Of each group: how often it was evaluated, and how long that took. */
function reportGroups(metrics: Metrics): void {
  print('\ngroup', 'evaluations', 'median s', 'longest s', 'missed');
  for (const [series, evaluations] of metrics) {
    const [, labels = '', group = ''] = /^vmalert_iteration_total\{(group="([^"]*)".*)\}$/.exec(series) ?? [];
    if (group === '') continue;
    const seconds = ['0.5', '1'].map((quantile) =>
      value(metrics, `vmalert_iteration_duration_seconds{${labels},quantile="${quantile}"}`).toFixed(3),
    );
    print(group, evaluations, ...seconds, value(metrics, `vmalert_iteration_missed_total{${labels}}`));
  }
  const failed = [...metrics].filter(([series, count]) => series.startsWith('vmalert_execution_errors') && count > 0);
  print('rules that failed', failed.length);
}
