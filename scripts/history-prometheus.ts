import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { startPrometheus } from './prometheus.ts';

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
  /** Starts another version of Prometheus on a copy of the samples, which goes with it. */
  startOther(program: string): Promise<Pick<HistoryPrometheus, 'url' | 'stop'>>;
  add(openMetrics: string): Promise<void>;
  /**
   * Adds what the recording rules would have recorded. What depends on another rule comes with the next call.
   *
   * @param rules The text of a rule file. Prometheus evaluates a group only at multiples of its interval: one that is
   * longer than the range may have none within it.
   */
  record(rules: string, range: TimeRange): Promise<void>;
  queryRange(expression: string, range: TimeRange): Promise<Series[]>;
  /** The values that a label has on the series of a selector. */
  labelValues(label: string, selector: string, range: TimeRange): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startHistoryPrometheus(): Promise<HistoryPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'lvs-exporter-history-'));
  const data = join(folder, 'data');
  const configuration = join(folder, 'prometheus.yml');
  await writeFile(configuration, '');
  const port = await freePort();
  const start = () => startPrometheus({ configuration, data, port });
  let server = await start();
  const { url } = server;

  /** Blocks are found when the server starts. */
  async function makeBlocks(args: readonly string[]): Promise<void> {
    await run('promtool', ['tsdb', 'create-blocks-from', ...args]);
    await server.stop();
    server = await start();
  }

  return {
    url,
    async startOther(program) {
      const copy = join(folder, 'copy');
      await cp(data, copy, { recursive: true, filter: (path) => !path.endsWith('/lock') });
      return await startPrometheus({ configuration, data: copy, port: await freePort(), program });
    },
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
    labelValues: (label, selector, range) => labelValues(url, label, selector, range),
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

interface Answer<Data> {
  readonly status: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly data: Data;
}

interface Matrix {
  readonly result: readonly { metric: Record<string, string>; values: [number, string][] }[];
}

/** @param more Parameters of the request that not every engine supports. */
export async function queryRange(
  url: string,
  expression: string,
  range: TimeRange,
  more: Readonly<Record<string, string>> = {},
): Promise<Series[]> {
  const { startSeconds, endSeconds, stepSeconds } = range;
  const body = new URLSearchParams({
    query: expression,
    start: String(startSeconds),
    end: String(endSeconds),
    step: String(stepSeconds),
    ...more,
  });
  const response = await fetch(`${url}/api/v1/query_range`, { method: 'POST', body });
  const { result } = await readAnswer<Matrix>(response, expression);
  return result.map(({ metric, values }) => ({
    labels: metric,
    points: values.map(([time, value]) => [time, Number(value.replace('Inf', 'Infinity'))] as const),
  }));
}

async function labelValues(
  url: string,
  label: string,
  selector: string,
  { startSeconds, endSeconds }: TimeRange,
): Promise<string[]> {
  const search = new URLSearchParams({
    'match[]': selector,
    start: String(startSeconds),
    end: String(endSeconds),
  });
  return await readAnswer(await fetch(`${url}/api/v1/label/${label}/values?${search}`), selector);
}

async function readAnswer<Data>(response: Response, asked: string): Promise<Data> {
  const { status, error, warnings, data } = (await response.json()) as Answer<Data>;
  if (status !== 'success' || warnings) throw new Error(`Cannot query ${asked}: ${error ?? warnings?.join(', ')}`);
  return data;
}
