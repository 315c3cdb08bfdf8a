import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseDuration } from '../../src/parsers/duration.ts';

const run = promisify(execFile);

/** Of this length Prometheus makes one out of nine of two hours, as it does with what is a day old. */
const blockSeconds = 18 * 3600;

/** How far back the rules look, by the metric: the longest range in square brackets. */
export function readWindows(rules: string): Map<string, number> {
  const windows = new Map<string, number>();
  for (const [, metric = '', range = ''] of rules.matchAll(/([\w:]+)(?:\{[^{}]*\})?\[(\w+)\]/g)) {
    windows.set(metric, Math.max(windows.get(metric) ?? 0, parseDuration(range) ?? 0));
  }
  return windows;
}

export interface HistorySeries {
  /** `metric{label="value"}` */
  readonly series: string;
  readonly seconds: number;
  readonly everySeconds: number;
}

export interface HistoryOptions {
  /** Where blocks go. */
  readonly data: string;
  readonly folder: string;
  readonly endSeconds: number;
}

/** Makes blocks as if Prometheus had scraped these series until `endSeconds`. Returns the number of samples. */
export async function writeHistory(all: readonly HistorySeries[], options: HistoryOptions): Promise<number> {
  const { data, folder, endSeconds } = options;
  const longest = Math.max(...all.map(({ seconds }) => seconds));
  const file = join(folder, 'history.txt');
  let samples = 0;
  for (let start = floor(endSeconds - longest, blockSeconds); start < endSeconds; start += blockSeconds) {
    samples += await writeBlockText(file, all, start, endSeconds);
    await run('promtool', [...createBlocks, file, data]);
  }
  await rm(file);
  return samples;
}

const createBlocks = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', '--max-block-duration=18h'];

async function writeBlockText(
  file: string,
  all: readonly HistorySeries[],
  start: number,
  endSeconds: number,
): Promise<number> {
  const stream = createWriteStream(file);
  const end = Math.min(start + blockSeconds, endSeconds);
  let samples = 0;
  for (const { series, seconds, everySeconds } of all) {
    const times = range(Math.max(start, endSeconds - seconds), end, everySeconds);
    samples += times.length;
    const lines = times.map((time) => `${series} 1 ${time}\n`).join('');
    if (!stream.write(lines)) await once(stream, 'drain');
  }
  stream.end('# EOF\n');
  await once(stream, 'finish');
  return samples;
}

function floor(value: number, step: number): number {
  return value - (value % step);
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, index) => from + index * step);
}
