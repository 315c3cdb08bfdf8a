/**
 * What a fleet costs VictoriaMetrics that gets what docs/scale.md sends: `npm run bench -- fleet-victoria [NODES]`, 1,000 by
 * default. Two vmagents divide the nodes by their label `cluster` and send to one victoria-metrics. Then every query of
 * the dashboard LVS overview runs for all nodes, over an hour, and for the latest moment where it asks for that. The
 * nodes are those of `npm run bench -- fleet`.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { all, resolve } from '../../dashboards/preview/resolve.ts';
import type { Panel } from '../../dashboards/src/grafana.ts';
import { overview } from '../../dashboards/src/overview.ts';
import { startAgent, startVictoriaMetrics, type VictoriaMetrics } from '../../scripts/victoria-metrics.ts';
import { readOwnMetrics } from './prometheus.ts';
import { everySeconds, servePages, target } from './served.ts';

const agents = 2;
const warmUpSeconds = 45;
const measuredSeconds = 75;
const repetitions = 3;
const rangeSeconds = 3600;

const nodes = Number(process.argv[2] ?? 1000);
const print = (...columns: readonly (string | number)[]) => process.stdout.write(`${columns.join('\t')}\n`);

const folder = await mkdtemp(join(tmpdir(), 'lvs-bench-victoria-'));
const pages = await servePages();
const database = await startVictoriaMetrics();
const started: VictoriaMetrics[] = [database];
try {
  for (let shard = 0; shard < agents; shard++) started.push(await startShard(shard, pages.address));
  await sleep(warmUpSeconds * 1000);
  await reportParts(started);
  await reportQueries(database.url);
} finally {
  for (const one of started.reverse()) await one.stop();
  pages.stop();
  await rm(folder, { recursive: true });
}

/** One of the vmagents, as docs/scale.md divides Prometheus servers. */
async function startShard(shard: number, address: string): Promise<VictoriaMetrics> {
  const targets = Array.from({ length: nodes }, (_, index) => target(index, address));
  const scrape = {
    job_name: 'lvs-exporter',
    scrape_interval: `${everySeconds}s`,
    static_configs: targets.map(({ labels, path }) => ({
      targets: [address],
      labels: { ...labels, __metrics_path__: path },
    })),
    relabel_configs: [
      { source_labels: ['cluster'], modulus: agents, target_label: '__tmp_shard', action: 'hashmod' },
      { source_labels: ['__tmp_shard'], regex: String(shard), action: 'keep' },
    ],
  };
  const configuration = join(folder, `scrape-${shard}.yml`);
  await writeFile(configuration, stringify({ scrape_configs: [scrape] }));
  const relabelling = join(folder, 'relabel.yml');
  await writeFile(
    relabelling,
    stringify([{ source_labels: ['__name__'], regex: await sentMetrics(), action: 'keep' }]),
  );
  return await startAgent(database.url, configuration, `-remoteWrite.urlRelabelConfig=${relabelling}`);
}

async function sentMetrics(): Promise<string> {
  const text = await readFile(new URL('../../docs/scale.md', import.meta.url), 'utf8');
  const [, regex] = /remote_write:[^`]*?regex: (\S+)/.exec(text) ?? [];
  if (regex === undefined) throw new Error('Expected a regex below remote_write in docs/scale.md');
  return regex;
}

async function reportParts(parts: readonly VictoriaMetrics[]): Promise<void> {
  const before = await Promise.all(parts.map(({ url }) => readOwnMetrics(url)));
  await sleep(measuredSeconds * 1000);
  const after = await Promise.all(parts.map(({ url }) => readOwnMetrics(url)));
  print('part', 'of one processor', 'resident MiB');
  for (const [index, now] of after.entries()) {
    const seconds = value(now, 'process_cpu_seconds_total') - value(before[index], 'process_cpu_seconds_total');
    const name = index === 0 ? 'victoria-metrics' : `vmagent ${index}`;
    const share = `${((seconds / measuredSeconds) * 100).toFixed(1)} %`;
    print(name, share, (value(now, 'process_resident_memory_bytes') / 2 ** 20).toFixed(0));
  }
  print('series', value(after[0], 'vm_cache_entries{type="storage/hour_metric_ids"}'));
}

function value(metrics: ReadonlyMap<string, number> | undefined, name: string): number {
  return metrics?.get(name) ?? Number.NaN;
}

async function reportQueries(url: string): Promise<void> {
  print('\nquery', 'series', 'shortest ms');
  const panels = overview.panels.filter((panel): panel is Panel => panel.type !== 'row');
  for (const { title, targets } of panels) {
    for (const { refId, expr, instant } of targets) {
      const query = resolve(expr, { scrapeSeconds: everySeconds, rangeSeconds, picked: all });
      const { series, milliseconds } = await ask(url, query, instant);
      print(`${title} ${refId}`, series, milliseconds.toFixed(0));
    }
  }
}

async function ask(url: string, query: string, instant: boolean): Promise<{ series: number; milliseconds: number }> {
  const end = Math.floor(Date.now() / 1000);
  const step = String(everySeconds);
  const range = { start: String(end - rangeSeconds), end: String(end), step };
  const parameters = new URLSearchParams({ query, nocache: '1', ...(instant ? { time: String(end) } : range) });
  const times: number[] = [];
  let series = 0;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const before = performance.now();
    const answer = await fetch(`${url}/api/v1/query${instant ? '' : '_range'}`, { method: 'POST', body: parameters });
    const { data } = (await answer.json()) as { readonly data: { readonly result: readonly unknown[] } };
    times.push(performance.now() - before);
    series = data.result.length;
  }
  return { series, milliseconds: Math.min(...times) };
}
