import { withTimeout } from '../async/timeout.ts';
import { hasCode, messageOf } from '../host/errors.ts';
import type { Host } from '../host/host.ts';
import type { Log } from '../log/log.ts';
import { logMessages } from '../log/messages.ts';
import { ParseError } from '../parsers/parse-error.ts';
import type { Collector } from './collector.ts';
import { listSamples, type SamplePart } from './columns.ts';
import {
  collectorAvailable,
  collectorDuration,
  collectorInterval,
  collectorLastSuccess,
  collectorSuccess,
} from './exporter-metrics.ts';
import { type Sample, sample } from './metric.ts';
import { maxRunMs, type Outcome, type Run, startRun, timedOut } from './run.ts';

export interface RunnerOptions {
  readonly collectors: readonly Collector[];
  readonly host: Host;
  readonly log: Log;
  /** Unix time in milliseconds. */
  readonly now?: () => number;
}

/** Runs collectors, times them, and keeps the failure of one from the others. */
export interface Runner {
  readonly collectors: readonly Collector[];
  /**
   * Runs one collector now, or joins the run that is under way. One that takes longer than `maxRunMs` is aborted, and
   * the next begins again. Never rejects.
   *
   * @param intervalSeconds until the next run. Without it none is exported.
   */
  run(collector: Collector, intervalSeconds?: number): Promise<void>;
  /**
   * The samples of all collectors: those without a schedule are run together, the others give what their last run
   * gave. What is not there after `timeoutMs` counts as failed, and everything else is served.
   *
   * @param chosen some of the collectors; by default all.
   * @param maxAgeMs what a run gave that ended so recently is given again, and nothing is run.
   */
  collectParts(timeoutMs: number, chosen?: readonly Collector[], maxAgeMs?: number): Promise<readonly SamplePart[]>;
  /** All of the same one by one. */
  collect(timeoutMs: number): Promise<readonly Sample[]>;
}

/** Runs of a collector that were aborted and hold something still, a thread mostly. No other starts until one ends. */
const maxAbandonedRuns = 2;

export function createRunner({ collectors, host, log, now = Date.now }: RunnerOptions): Runner {
  const underWay = new Map<Collector, Promise<Outcome>>();
  const unended = new Map<Collector, Set<Run>>(collectors.map((collector) => [collector, new Set()]));
  const lastOutcome = new Map<Collector, Outcome>();
  /** As `performance.now()` has it. */
  const lastEnd = new Map<Collector, number>();
  const lastSuccess = new Map<Collector, number>();
  const intervals = new Map<Collector, number>();
  const lastTold = new Map<Collector, Outcome>();
  /** Collectors whose present run was given up: its end is not logged as a recovery. */
  const givenUp = new Set<Collector>();

  function start(collector: Collector): Promise<Outcome> {
    const joined = underWay.get(collector);
    if (joined) return joined;
    const runs = unended.get(collector) ?? new Set();
    if (runs.size >= maxAbandonedRuns) return Promise.resolve(timedOut(maxRunMs));
    const run = startRun(collector, host);
    runs.add(run);
    run.ended.then(() => runs.delete(run));
    const started = run.outcome.then((outcome) => {
      underWay.delete(collector);
      note(collector, outcome);
      if (!givenUp.delete(collector)) report(collector, outcome);
      return outcome;
    });
    underWay.set(collector, started);
    return started;
  }

  function note(collector: Collector, outcome: Outcome): void {
    lastOutcome.set(collector, outcome);
    lastEnd.set(collector, performance.now());
    if (outcome.state === 'worked') lastSuccess.set(collector, now() / 1000);
  }

  function report(collector: Collector, outcome: Outcome): void {
    const before = lastTold.get(collector);
    lastTold.set(collector, outcome);
    if (before?.state !== outcome.state || before.sources !== outcome.sources) logChange(log, collector, outcome);
    if (before?.limited !== outcome.limited) logLimit(log, collector, outcome, before);
  }

  function giveUp(collector: Collector, late: Outcome): void {
    if (givenUp.has(collector)) return;
    givenUp.add(collector);
    note(collector, late);
    report(collector, late);
  }

  async function outcomeFor(collector: Collector, timeoutMs: number, maxAgeMs: number): Promise<Outcome | undefined> {
    const isRecent = performance.now() - (lastEnd.get(collector) ?? Number.NEGATIVE_INFINITY) < maxAgeMs;
    if (isRecent || collector.schedule !== undefined) return lastOutcome.get(collector);
    return await outcomeWithin(collector, timeoutMs);
  }

  async function outcomeWithin(collector: Collector, timeoutMs: number): Promise<Outcome> {
    const outcome = await withTimeout(timeoutMs, start(collector));
    if (outcome) return outcome;
    const late = timedOut(timeoutMs);
    giveUp(collector, late);
    return late;
  }

  async function collectParts(timeoutMs: number, chosen = collectors, maxAgeMs = 0): Promise<readonly SamplePart[]> {
    const outcomes = await Promise.all(chosen.map((collector) => outcomeFor(collector, timeoutMs, maxAgeMs)));
    // concat(), because flatMap() takes many times as long for tens of thousands.
    const none: SamplePart[] = [];
    const all = chosen.map((collector, index) =>
      toParts(collector, outcomes[index], {
        lastSuccess: lastSuccess.get(collector),
        interval: intervals.get(collector),
      }),
    );
    return none.concat(...all);
  }

  return {
    collectors,
    async run(collector, intervalSeconds) {
      if (intervalSeconds !== undefined) intervals.set(collector, intervalSeconds);
      await outcomeWithin(collector, maxRunMs);
    },
    collectParts,
    async collect(timeoutMs) {
      return listSamples(await collectParts(timeoutMs));
    },
  };
}

/** In seconds. */
interface Times {
  readonly lastSuccess: number | undefined;
  readonly interval: number | undefined;
}

function toParts(collector: Collector, outcome: Outcome | undefined, { lastSuccess, interval }: Times): SamplePart[] {
  const labels = { collector: collector.name };
  const own: SamplePart[] = lastSuccess === undefined ? [] : [sample(collectorLastSuccess, lastSuccess, labels)];
  if (interval !== undefined) own.push(sample(collectorInterval, interval, labels));
  if (!outcome) return own;
  own.push(sample(collectorAvailable, outcome.state === 'absent' ? 0 : 1, labels));
  own.push(sample(collectorDuration, outcome.durationSeconds, labels));
  if (outcome.state !== 'absent') own.push(sample(collectorSuccess, outcome.state === 'worked' ? 1 : 0, labels));
  return own.concat(outcome.samples);
}

function logChange(log: Log, { name }: Collector, { state, error, sources }: Outcome): void {
  if (state === 'worked') log.info({ collector: name, sources: sources || undefined }, logMessages.collectorWorks);
  else if (state === 'absent') log.info({ collector: name, reason: error?.message }, logMessages.collectorAbsent);
  else if (error) logFailure(log, name, error);
}

function logFailure(log: Log, collector: string, error: Error): void {
  const message = isBug(error) ? logMessages.collectorBug : logMessages.collectorFailed;
  log.error(
    { collector, error: error.message, cause: causeOf(error), ...placeOf(error), hint: hintFor(error) },
    message,
  );
  log.debug({ collector, stack: error.stack }, logMessages.collectorStack);
}

/** Errors of the machine and of its files carry a code; these are what JavaScript throws at a mistake in a program. */
function isBug(error: Error): boolean {
  const { code = 'ERR_' } = error as NodeJS.ErrnoException;
  return [TypeError, RangeError, ReferenceError].some((kind) => error instanceof kind) && code.startsWith('ERR_');
}

function causeOf({ cause }: Error): string | undefined {
  // A parse error with its file contains the message of the one without.
  return cause === undefined || cause instanceof ParseError ? undefined : messageOf(cause);
}

/** The file that could not be parsed, and where. */
function placeOf(error: Error): { file?: string; line?: number } {
  return error instanceof ParseError && error.file !== undefined ? { file: error.file, line: error.line } : {};
}

function logLimit(log: Log, { name }: Collector, { state, limited }: Outcome, before: Outcome | undefined): void {
  if (limited) log.warn({ collector: name }, logMessages.seriesLimited);
  else if (before && state === 'worked') log.info({ collector: name }, logMessages.seriesWithinLimit);
}

function hintFor(error: Error | undefined): string | undefined {
  const denied = hasCode(error, 'EACCES', 'EPERM');
  return denied ? 'run as root, or grant the capability that docs/permissions.md names for it' : undefined;
}
