import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseDuration } from '../src/duration.ts';

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
}

export interface HistoryOptions {
  /** Where blocks go. */
  readonly data: string;
  readonly folder: string;
  readonly endSeconds: number;
  readonly everySeconds: number;
}

/** Makes blocks as if Prometheus had scraped these series until `endSeconds`. Returns the number of samples. */
export async function writeHistory(all: readonly HistorySeries[], options: HistoryOptions): Promise<number> {
  const { data, folder, endSeconds, everySeconds } = options;
  const longest = Math.max(...all.map(({ seconds }) => seconds));
  const file = join(folder, 'history.txt');
  let samples = 0;
  for (let start = floor(endSeconds - longest, blockSeconds); start < endSeconds; start += blockSeconds) {
    const times = range(start, Math.min(start + blockSeconds, endSeconds), everySeconds);
    samples += await writeBlockText(file, all, times, endSeconds);
    await run('promtool', [...createBlocks, file, data]);
  }
  await rm(file);
  return samples;
}

const createBlocks = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', '--max-block-duration=18h'];

async function writeBlockText(
  file: string,
  all: readonly HistorySeries[],
  times: readonly number[],
  endSeconds: number,
): Promise<number> {
  const stream = createWriteStream(file);
  let samples = 0;
  for (const { series, seconds } of all) {
    const own = times.filter((time) => time >= endSeconds - seconds);
    samples += own.length;
    const lines = own.map((time) => `${series} 1 ${time}\n`).join('');
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
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);
}
