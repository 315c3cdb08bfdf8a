import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

export interface TimeRange {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly stepSeconds: number;
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [number, number])[];
}

/** A folder of Prometheus' own blocks, and a server that answers from it. It scrapes nothing. */
export interface HistoryPrometheus {
  readonly url: string;
  add(openMetrics: string): Promise<void>;
  /**
   * Adds what the recording rules would have recorded. What depends on another rule comes with the next call.
   *
   * @param rules The text of a rule file. Prometheus evaluates a group only at multiples of its interval: one that is
   * longer than the range may have none within it.
   */
  record(rules: string, range: TimeRange): Promise<void>;
  queryRange(expression: string, range: TimeRange): Promise<Series[]>;
  stop(): Promise<void>;
}

export async function startHistoryPrometheus(): Promise<HistoryPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'lvs-exporter-history-'));
  const data = join(folder, 'data');
  await writeFile(join(folder, 'prometheus.yml'), '');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = () => startServer(join(folder, 'prometheus.yml'), data, port);
  let server = await start();

  /** Blocks are found when the server starts. */
  async function makeBlocks(args: readonly string[]): Promise<void> {
    await run('promtool', ['tsdb', 'create-blocks-from', ...args]);
    await server.stop();
    server = await start();
  }

  return {
    url,
    async add(openMetrics) {
      const file = join(folder, 'openmetrics.txt');
      await writeFile(file, openMetrics);
      await makeBlocks(['openmetrics', file, data]);
    },
    async record(rules, { startSeconds, endSeconds, stepSeconds }) {
      const file = join(folder, 'rules.yml');
      await writeFile(file, rules);
      const time = [`--start=${startSeconds}`, `--end=${endSeconds}`, `--eval-interval=${stepSeconds}s`];
      await makeBlocks(['rules', `--url=${url}`, `--output-dir=${data}`, ...time, file]);
    },
    queryRange: (expression, range) => queryRange(url, expression, range),
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function startServer(configuration: string, data: string, port: number) {
  const words = [
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${data}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ];
  const child = spawn('prometheus', words, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'close');
  const failed = ended.then(() => Promise.reject(new Error('Prometheus ended before it was ready')));
  const ask = () => fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined);
  while (!(await Promise.race([failed, ask()]))?.ok) await Promise.race([failed, sleep(50)]);
  failed.catch(() => undefined);
  return {
    async stop() {
      child.kill();
      await ended;
    },
  };
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly data: { readonly result: readonly { metric: Record<string, string>; values: [number, string][] }[] };
}

async function queryRange(url: string, expression: string, range: TimeRange): Promise<Series[]> {
  const { startSeconds, endSeconds, stepSeconds } = range;
  const body = new URLSearchParams({
    query: expression,
    start: String(startSeconds),
    end: String(endSeconds),
    step: String(stepSeconds),
  });
  const response = await fetch(`${url}/api/v1/query_range`, { method: 'POST', body });
  const answer = (await response.json()) as Answer;
  if (answer.status !== 'success' || answer.warnings) {
    throw new Error(`Cannot query ${expression}: ${answer.error ?? answer.warnings?.join(', ')}`);
  }
  return answer.data.result.map(({ metric, values }) => ({
    labels: metric,
    points: values.map(([time, value]) => [time, Number(value.replace('Inf', 'Infinity'))] as const),
  }));
}
