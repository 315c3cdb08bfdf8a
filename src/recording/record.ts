import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../cli/log.ts';
import type { Host } from '../host/host.ts';
import type { Collector } from '../scrape/collector.ts';
import { createConceal } from './conceal.ts';
import { type Recording, recordingFile, recordingFormat } from './frame.ts';
import { createFrameWriter } from './frame-writer.ts';
import { createRecordingHost } from './recording-host.ts';
import { createTimetable } from './timetable.ts';

export interface RecordOptions {
  readonly host: Host;
  readonly collectors: readonly Collector[];
  readonly directory: string;
  readonly intervalSeconds: number;
  readonly durationSeconds: number;
  readonly version: string;
  readonly log: Log;
  /** Ends the recording early; what was recorded until then is complete. */
  readonly signal: AbortSignal;
}

/** The folder of a moment is named by tenths of a second: two that follow closely on a slow machine must not share one. */
const leastApartMs = 110;

/** Records what the collectors read, from moment to moment. Rejects if the folder is not empty or cannot be written. */
export async function record(options: RecordOptions): Promise<void> {
  const { host, collectors, directory, intervalSeconds, durationSeconds, version, log, signal } = options;
  await prepareFolder(directory);
  const writer = createFrameWriter(directory, createConceal());
  const recordingHost = createRecordingHost(host, writer);
  const started = performance.now();
  const startedSeconds = Date.now() / 1000;
  const about: Recording = { format: recordingFormat, version, startedSeconds, everySeconds: intervalSeconds };
  await writeFile(join(directory, recordingFile), `${JSON.stringify(about, undefined, 2)}\n`);
  const isDue = createTimetable(collectors);
  let last = Number.NEGATIVE_INFINITY;
  for (let due = 0; due < durationSeconds && !signal.aborted; due += intervalSeconds) {
    await sleepUntil(Math.max(started + due * 1000, last + leastApartMs), signal);
    if (signal.aborted) break;
    last = performance.now();
    // Not when it should have begun: a slow machine would seem to have had other rates.
    const seconds = (performance.now() - started) / 1000;
    writer.begin(seconds);
    await readAll(
      recordingHost,
      collectors.filter((collector) => isDue(collector, seconds)),
    );
    await writer.finish();
    log.info({ seconds: Math.round(seconds), of: durationSeconds }, 'Recorded');
  }
}

async function prepareFolder(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  if ((await readdir(directory)).length > 0) {
    throw new Error(`Cannot record to "${directory}": the folder is not empty; name a new one`);
  }
}

/** What a collector cannot read is recorded as such; it is no failure of the recording. */
async function readAll(host: Host, collectors: readonly Collector[]): Promise<void> {
  await Promise.allSettled(collectors.map((collector) => collector.collect(host)));
}

async function sleepUntil(time: number, signal: AbortSignal): Promise<void> {
  const left = time - performance.now();
  if (left <= 0) return;
  await sleep(left, undefined, { signal }).catch(() => undefined);
}
