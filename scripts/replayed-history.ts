import { createCollectors, defaultSettings } from '../src/collectors/index.ts';
import { createProcessMetrics } from '../src/http/exposition.ts';
import { createLog } from '../src/log/log.ts';
import { openReplay } from '../src/recording/replay-host.ts';
import { withoutLocal } from '../src/scrape/columns.ts';
import { buildInfo } from '../src/scrape/exporter-metrics.ts';
import { gauge, type Sample, sample } from '../src/scrape/metric.ts';
import { createRunner, type Runner } from '../src/scrape/scrape.ts';

export interface HistoryOptions {
  /** Recordings by the name of their node. */
  readonly recordings: Readonly<Record<string, string>>;
  /** Unix time of the first scrape. */
  readonly startSeconds: number;
  readonly lengthSeconds: number;
  readonly everySeconds: number;
}

/** What Prometheus adds to a scrape by itself. */
const up = gauge('up', 'Whether the target answered.');
const scrapeDuration = gauge('scrape_duration_seconds', 'How long the scrape took.');
const samplesScraped = gauge('scrape_samples_scraped', 'Samples that the target had.');

/** The collectors with a schedule run with every third scrape. */
const scrapesBetweenRuns = 3;

/** The labels that Prometheus gives to all samples of a node. */
export function targetOf(node: string): Sample['labels'] {
  return { job: 'lvs-exporter', instance: node, cluster: 'lab' };
}

/**
 * What a Prometheus would have scraped from exporters on the recorded machines, as OpenMetrics with timestamps: minutes of
 * history in a second or two.
 */
export async function replayHistory(options: HistoryOptions): Promise<string> {
  const nodes = Object.entries(options.recordings).map(([node, directory]) => replayNode(node, directory, options));
  return `${(await Promise.all(nodes)).flat().join('\n')}\n# EOF\n`;
}

async function replayNode(node: string, directory: string, options: HistoryOptions): Promise<string[]> {
  const { startSeconds, lengthSeconds, everySeconds } = options;
  let nowSeconds = startSeconds;
  const now = () => nowSeconds * 1000;
  const log = createLog({ level: 'error', format: 'logfmt', write: (line) => process.stderr.write(line) });
  const host = await openReplay(directory, { speed: 1, now });
  const runner = createRunner({ collectors: createCollectors(defaultSettings), host, log, now });
  const processMetrics = createProcessMetrics();
  const target = targetOf(node);

  const lines: string[] = [];
  for (let scrape = 0; scrape * everySeconds <= lengthSeconds; scrape++) {
    nowSeconds = startSeconds + scrape * everySeconds;
    if (scrape % scrapesBetweenRuns === 0) await runScheduled(runner);
    const samples = [...withoutLocal(await runner.collect(10_000)), ...(await processMetrics()), build];
    const own = [sample(up, 1), sample(scrapeDuration, 0.01), sample(samplesScraped, samples.length)];
    lines.push(...[...samples, ...own].map((one) => openMetricsLine(one, target, nowSeconds)));
  }
  return lines;
}

const build = sample(buildInfo, 1, { version: '0.2.0', revision: 'demo', node_version: process.version });

async function runScheduled(runner: Runner): Promise<void> {
  for (const collector of runner.collectors) if (collector.schedule !== undefined) await runner.run(collector);
}

function openMetricsLine({ metric, labels, value }: Sample, target: Sample['labels'], atSeconds: number): string {
  return renderLine(metric.name, { ...labels, ...target }, value, atSeconds);
}

export function renderLine(name: string, labels: Sample['labels'], value: number, atSeconds: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
  return `${name}{${pairs.join(',')}} ${String(value).replace('Infinity', 'Inf')} ${atSeconds}`;
}
