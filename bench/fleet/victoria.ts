/**
 * What a fleet costs VictoriaMetrics that gets what docs/scale.md sends: `npm run bench -- fleet-victoria [NODES]`, 1,000 by
 * default. Two vmagents divide the nodes by their label `cluster` and send to one victoria-metrics. The nodes are those of
 * `npm run bench -- fleet`.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { startAgent, startVictoriaMetrics, type VictoriaMetrics } from '../../scripts/victoria-metrics.ts';
import { readOwnMetrics } from './prometheus.ts';
import { scrapeJob } from './scrape-job.ts';
import { everySeconds, servePages, target } from './served.ts';

const agents = 2;
const warmUpSeconds = 45;
const measuredSeconds = 75;

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
} finally {
  for (const one of started.reverse()) await one.stop();
  pages.stop();
  await rm(folder, { recursive: true });
}

/** One of the vmagents, as docs/scale.md divides Prometheus servers. */
async function startShard(shard: number, address: string): Promise<VictoriaMetrics> {
  const targets = Array.from({ length: nodes }, (_, index) => target(index, address));
  const scrape = {
    ...scrapeJob(targets, everySeconds),
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
