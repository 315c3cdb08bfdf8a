import { closeSync, constants, mkdirSync } from 'node:fs';
import { type FileHandle, lstat, open, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { geteuid } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, isAbsent, isSystemError } from '../host/errors.ts';
import type { Host } from '../host/host.ts';
import { type OpenPlace, openPlace, pathOf } from '../host/open-place.ts';
import type { Log } from '../log/log.ts';
import { logMessages } from '../log/messages.ts';
import type { Collector } from '../scrape/collector.ts';
import { type Anonymize, createAnonymize } from './anonymize.ts';
import { type Recording, recordingFile, recordingFormat } from './frame.ts';
import { createFrameWriter, newFile } from './frame-writer.ts';
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
  /** Without it, what must not leave the machine is replaced. */
  readonly anonymize?: Anonymize;
  /** Ends the recording early; what was recorded until then is complete. */
  readonly signal: AbortSignal;
}

/** The folder of a moment is named by tenths of a second: two that follow closely on a slow machine must not share one. */
const minApartMs = 110;

/** Records what the collectors read, from moment to moment. Rejects if the folder is not empty or cannot be written. */
export async function record(options: RecordOptions): Promise<void> {
  const { directory } = options;
  const folder = await openFolder(resolve(directory));
  try {
    await recordTo(`/proc/self/fd/${folder.fd}`, options);
  } catch (error) {
    throw nameFolder(error, `/proc/self/fd/${folder.fd}`, directory);
  } finally {
    await folder.close();
  }
}

/** Adds the folder to an error. */
function nameFolder(error: unknown, opened: string, directory: string): unknown {
  if (!isSystemError(error)) return error;
  return Object.assign(new Error(error.message.replaceAll(opened, directory), { cause: error }), { code: error.code });
}

/** To an open folder: who owns the one above can put a link in its place, and the path would lead elsewhere. */
async function recordTo(directory: string, options: RecordOptions): Promise<void> {
  const { host, collectors, intervalSeconds, durationSeconds, version, log, signal } = options;
  const writer = createFrameWriter(directory, options.anonymize ?? createAnonymize());
  const recordingHost = createRecordingHost(host, writer);
  const started = performance.now();
  const startedSeconds = Date.now() / 1000;
  const about: Recording = { format: recordingFormat, version, startedSeconds, everySeconds: intervalSeconds };
  await writeFile(join(directory, recordingFile), `${JSON.stringify(about, undefined, 2)}\n`, newFile);
  const isDue = createTimetable(collectors);
  let last = Number.NEGATIVE_INFINITY;
  for (let due = 0; due < durationSeconds && !signal.aborted; due += intervalSeconds) {
    await sleepUntil(Math.max(started + due * 1000, last + minApartMs), signal);
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
    log.info({ seconds: Math.round(seconds), of: durationSeconds }, logMessages.recorded);
  }
}

/** Opens a folder that no other user can read, or put a link into that leads the writing elsewhere. */
async function openFolder(directory: string): Promise<FileHandle> {
  const refuse = (why: string): never => {
    throw new Error(`Cannot record to "${directory}": ${why}; name a new directory`);
  };
  const folder = await openOwn(directory, refuse);
  try {
    const { uid, mode } = await folder.stat();
    if (uid !== geteuid?.()) refuse('it belongs to another user');
    if ((mode & 0o022) !== 0) refuse('other users can write to it');
    if ((await readdir(`/proc/self/fd/${folder.fd}`)).length > 0) refuse('it is not empty');
    await folder.chmod(0o700);
    return folder;
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** Creates it where there is none, and follows no link in its place, nor one of another user above it. */
async function openOwn(directory: string, refuse: (why: string) => never): Promise<FileHandle> {
  const place = makeFolder(directory);
  try {
    if (!(await lstat(pathOf(place))).isDirectory()) refuse('it is not a directory');
    return await open(pathOf(place), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } finally {
    closeSync(place.folder);
  }
}

/** Not by `recursive`, which never ends where the kernel refuses folders with ENOENT, as below /proc. */
function makeFolder(directory: string): OpenPlace {
  const place = openAbove(directory);
  try {
    mkdirSync(pathOf(place), { mode: 0o700 });
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return place;
    closeSync(place.folder);
    throw nameFolder(error, `/proc/self/fd/${place.folder}`, dirname(directory));
  }
  return place;
}

/** Opens the folder above, which it creates where there is none. */
function openAbove(directory: string): OpenPlace {
  try {
    return openPlace(directory, false);
  } catch (error) {
    if (!isAbsent(error) || dirname(directory) === directory) throw error;
    closeSync(makeFolder(dirname(directory)).folder);
    return openPlace(directory, false);
  }
}

/** What a collector cannot read is recorded as such: the recording does not fail. */
async function readAll(host: Host, collectors: readonly Collector[]): Promise<void> {
  await Promise.allSettled(collectors.map((collector) => collector.collect(host)));
}

async function sleepUntil(time: number, signal: AbortSignal): Promise<void> {
  const left = time - performance.now();
  if (left <= 0) return;
  await sleep(left, undefined, { signal }).catch(() => undefined);
}
