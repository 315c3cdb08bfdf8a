import { createAbortableHost } from '../host/abortable-host.ts';
import { isAbsent } from '../host/errors.ts';
import type { Host } from '../host/host.ts';
import { checkSamples } from './check-samples.ts';
import type { Collector } from './collector.ts';
import { isColumns, type SamplePart } from './columns.ts';
import { seriesLimited, sourceInfo } from './exporter-metrics.ts';
import { PartialFailure } from './partial-failure.ts';

/** How one run of a collector ended. */
export interface Outcome {
  readonly state: 'worked' | 'absent' | 'failed';
  readonly samples: readonly SamplePart[];
  readonly durationSeconds: number;
  readonly error?: Error;
  /** What it read, of several possible sources. Empty for a collector that has only one. */
  readonly sources: string;
  /** Whether its limit held series back. */
  readonly limited: boolean;
}

/** A run that has begun. */
export interface Run {
  /** Known after `maxRunMs` at the latest: a run that takes longer is aborted, and failed. */
  readonly outcome: Promise<Outcome>;
  /** Fulfilled when nothing is left of it: what was aborted may hold a thread for longer. */
  readonly ended: Promise<void>;
}

/** Far beyond what the largest table takes: a collector that has not answered by then hangs. */
export const maxRunMs = 120_000;

export function startRun(collector: Collector, machine: Host): Run {
  const controller = new AbortController();
  const { signal } = controller;
  const { host, settle } = createAbortableHost(machine, signal);
  const measured = measure(collector, host, signal);
  const outcome = new Promise<Outcome>((resolve) => {
    const timer = setTimeout(() => {
      const late = timedOut(maxRunMs);
      controller.abort(late.error);
      resolve(late);
    }, maxRunMs);
    // A run that hangs does not keep a program that has done its work.
    timer.unref();
    measured.then((ended) => {
      clearTimeout(timer);
      resolve(ended);
    });
  });
  return { outcome, ended: measured.then(settle) };
}

async function measure(collector: Collector, host: Host, signal: AbortSignal): Promise<Outcome> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  try {
    const samples = await (collector.collectParts?.(host, signal) ?? collector.collect(host, signal));
    checkSamples(samples);
    return { state: 'worked', samples, durationSeconds: seconds(), ...findRemarkable(samples) };
  } catch (thrown) {
    if (thrown instanceof PartialFailure) return describePartial(thrown, seconds());
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const state = isAbsent(error) ? 'absent' : 'failed';
    return { state, samples: [], durationSeconds: seconds(), error, ...unremarkable };
  }
}

function describePartial({ samples, cause: error }: PartialFailure, durationSeconds: number): Outcome {
  checkSamples(samples);
  return { state: 'failed', samples, durationSeconds, error, ...findRemarkable(samples) };
}

const unremarkable = { sources: '', limited: false };

/** A collector does not log. Two metrics carry its other messages to the runner. */
function findRemarkable(parts: readonly SamplePart[]): Pick<Outcome, 'sources' | 'limited'> {
  const sources: string[] = [];
  let limited = false;
  for (const part of parts) {
    if (isColumns(part)) continue;
    const { metric, labels, value } = part;
    if (metric === sourceInfo) sources.push(...(labels.source === undefined ? [] : [labels.source]));
    else if (metric === seriesLimited && value > 0) limited = true;
  }
  // Sorted, for which of them comes first may be another one at every scrape.
  return { sources: sources.sort().join(','), limited };
}

export function timedOut(timeoutMs: number): Outcome {
  const error = new Error(`No answer within ${timeoutMs / 1000} s`);
  return { state: 'failed', samples: [], durationSeconds: timeoutMs / 1000, error, ...unremarkable };
}
