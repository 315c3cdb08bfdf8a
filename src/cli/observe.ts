import { geteuid } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { baseName } from '../collectors/namespaced.ts';
import type { Host } from '../host/host.ts';
import { makeVisible } from '../identity/visible.ts';
import type { Log } from '../log/log.ts';
import { openReplay } from '../recording/replay-host.ts';
import { openRecording } from '../recording/stored-frames.ts';
import { createTimetable } from '../recording/timetable.ts';
import type { Collector } from '../scrape/collector.ts';
import type { Sample } from '../scrape/metric.ts';
import { createRunner, type Runner } from '../scrape/scrape.ts';
import type { ObservationConfig } from './options/machine-config.ts';

/** A machine at a moment, and some seconds before. */
export interface Observation {
  /** Unix time. */
  readonly atSeconds: number;
  readonly now: readonly Sample[];
  /** Undefined in a recording that is too short. */
  readonly before: readonly Sample[] | undefined;
  /** Why collectors failed, by their name. */
  readonly failures: ReadonlyMap<string, Failure>;
  /** Whether this program has user ID 0. Absent in a recording. */
  readonly asRoot?: boolean;
}

export interface Failure {
  readonly reason: string;
  readonly hint: string | undefined;
}

/** Called with what is being waited for. */
export type Progress = (doing: string) => void;

/** Observes this machine, or a recording if the configuration names one. */
export async function observeEither(
  { replay, replayAtSeconds: atSeconds, durationSeconds: seconds }: ObservationConfig,
  collectors: readonly Collector[],
  openHost: () => Host,
  onProgress: Progress,
): Promise<Observation> {
  return replay === undefined
    ? await observeMachine({ host: openHost(), collectors, seconds, onProgress, startedMs: 0 })
    : await observeRecording({ directory: replay, collectors, atSeconds, onProgress });
}

export interface ObserveMachineOptions {
  readonly host: Host;
  readonly collectors: readonly Collector[];
  /** From `startedMs` to the end of the last reading, unless reading takes longer. */
  readonly seconds: number;
  /** When the time begins, as `performance.now()` has it: 0 is the start of the process. By default, now. */
  readonly startedMs?: number;
  readonly onProgress: Progress;
}

/** The first reading of a service may not count, and two later ones have to agree, before its verdict is reported. */
const readings = 3;

/** How long a machine may take to answer a scrape. */
const timeoutMs = 10_000;

/** Reads a machine several times. In between, only its tables: keepalived is asked to write its dumps twice. */
export async function observeMachine(options: ObserveMachineOptions): Promise<Observation> {
  const { host, collectors, seconds, onProgress, startedMs = performance.now() } = options;
  const failures = new Map<string, Failure>();
  const runner = createRunner({ collectors, host, log: noteFailures(failures) });
  const scheduled = collectors.filter(({ schedule }) => schedule !== undefined);
  const tables = scheduled.filter((collector) => baseName(collector) === 'conntrack-table');
  const firstMs = performance.now();
  await runAll(runner, scheduled, onProgress);
  const before = await runner.collect(timeoutMs);
  const readingMs = performance.now() - firstMs;
  for (let readingsLeft = readings - 1; readingsLeft > 0; readingsLeft--) {
    onProgress(`Waiting for reading ${readings - readingsLeft + 1} of ${readings}`);
    const elapsedMs = performance.now() - startedMs;
    await sleep(pauseBefore({ totalMs: seconds * 1000, elapsedMs, readingMs, readingsLeft }));
    await runAll(runner, readingsLeft === 1 ? scheduled : tables, onProgress);
  }
  const now = await runner.collect(timeoutMs);
  return { atSeconds: Date.now() / 1000, now, before, failures, asRoot: geteuid?.() === 0 };
}

interface Timing {
  readonly totalMs: number;
  readonly elapsedMs: number;
  /** What a reading takes. */
  readonly readingMs: number;
  readonly readingsLeft: number;
}

/**
 * The pause before the next reading, in milliseconds, so that all end after `totalMs`. From the beginning of one reading
 * to that of the next it is a quarter of that at least: with less, too little is new for a verdict.
 */
export function pauseBefore({ totalMs, elapsedMs, readingMs, readingsLeft }: Timing): number {
  const spare = totalMs - elapsedMs - readingsLeft * readingMs;
  return Math.max(spare / readingsLeft, totalMs / 4 - readingMs, 0);
}

async function runAll(runner: Runner, collectors: readonly Collector[], onProgress: Progress): Promise<void> {
  const running = new Set(collectors.map(({ name }) => name));
  const report = () => onProgress(running.size === 0 ? '' : `Reading ${[...running].join(', ')}`);
  report();
  await Promise.all(
    collectors.map(async (collector) => {
      await runner.run(collector);
      running.delete(collector.name);
      report();
    }),
  );
}

export interface ObserveRecordingOptions {
  readonly directory: string;
  readonly collectors: readonly Collector[];
  /** Seconds from its start; undefined for its end. */
  readonly atSeconds: number | undefined;
  readonly onProgress: Progress;
}

/** What is compared lies this far apart, as far as it would on a machine, or a little less in a short recording. */
const comparedSeconds = 10;
const lateSeconds = 1;

/** Plays a recording as fast as it can be read, up to a moment. */
export async function observeRecording(options: ObserveRecordingOptions): Promise<Observation> {
  const { directory, collectors, atSeconds = Number.POSITIVE_INFINITY, onProgress } = options;
  const { recording, frames } = await openRecording(directory);
  const moments = frames
    .map(({ frame }) => frame.seconds)
    .filter((seconds, index) => index === 0 || seconds <= atSeconds);
  const last = moments.at(-1) ?? 0;
  const beforeLast =
    moments.findLast((seconds) => seconds <= last - comparedSeconds) ??
    moments.findLast((seconds) => seconds <= last - comparedSeconds + lateSeconds);
  let milliseconds = recording.startedSeconds * 1000;
  const now = () => milliseconds;
  const host = await openReplay(directory, { speed: 1, now });
  const failures = new Map<string, Failure>();
  const runner = createRunner({ collectors, host, log: noteFailures(failures), now });
  const isDue = createTimetable(collectors);
  let before: readonly Sample[] | undefined;
  for (const seconds of moments) {
    onProgress(`Playing ${Math.round(seconds)} s of ${Math.round(last)} s`);
    // A millisecond late, so that rounding does not make it the moment before.
    milliseconds = (recording.startedSeconds + seconds) * 1000 + 1;
    const due = collectors.filter((collector) => collector.schedule !== undefined && isDue(collector, seconds));
    await Promise.all(due.map((collector) => runner.run(collector)));
    if (seconds === beforeLast) before = await runner.collect(timeoutMs);
  }
  return { atSeconds: milliseconds / 1000, now: await runner.collect(timeoutMs), before, failures };
}

/** Only the log of the runner has the reasons of failures. */
function noteFailures(failures: Map<string, Failure>): Log {
  const ignore = () => undefined;
  return {
    debug: ignore,
    warn: ignore,
    info: ({ collector }) => {
      failures.delete(String(collector));
    },
    error: ({ collector, error, hint }) => {
      failures.set(String(collector), {
        reason: makeVisible(String(error)),
        hint: hint === undefined ? undefined : makeVisible(String(hint)),
      });
    },
  };
}
