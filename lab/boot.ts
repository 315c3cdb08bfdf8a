import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Clock, ClockReading } from './clock/clock.ts';
import { readPace } from './clock/pace.ts';
import { runMachine } from './machine.ts';
import { parseResult, type Result } from './results.ts';
import { repository } from './run-folder.ts';

/** On the lab's clock. */
const limitSeconds = 2400;
const watchMilliseconds = 1000;
const measureMilliseconds = 1000;
/** A measurement that was asked for as long ago is lost: its line came in the middle of another one. */
const lostMilliseconds = 30_000;

export interface BootOptions {
  /** Of the run. */
  readonly folder: string;
  readonly clock: Clock;
  /** What the driver is started with. */
  readonly driverArguments: readonly string[];
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Boots the lab's kernel and lets the driver run, on a clock that keeps to the machine's pace. Returns all results. */
export async function bootLab({ folder, clock, driverArguments, print, signal }: BootOptions): Promise<Result[]> {
  const init = [join(import.meta.dirname, 'init.sh'), repository, folder, process.execPath, ...driverArguments];
  const limit = limitTime(clock);
  const [signals, input] = [AbortSignal.any([signal, limit.signal]), new PassThrough()];
  const machine = { init, folder, environment: clock.environment, input, signal: signals };
  const keepPace = createPacer(clock, () => input.write('\n'));
  const results: Result[] = [];
  let since = clock.read();
  for await (const line of runMachine(machine)) {
    const microseconds = readPace(line);
    if (microseconds === undefined) print(line);
    else keepPace(microseconds);
    const result = parseResult(line);
    if (result === undefined) continue;
    results.push(result);
    print(describeTime(since, clock.read()));
    since = clock.read();
  }
  limit.stop();
  if (limit.signal.aborted) print(`lab: stopped after ${limitSeconds} s`);
  return results;
}

/** Sets the clock by each measurement, and asks for the next one when that is done: it takes place at one rate. */
function createPacer(clock: Clock, ask: () => void): (microseconds: number) => void {
  let timer: NodeJS.Timeout;
  const askIn = (milliseconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      ask();
      askIn(lostMilliseconds);
    }, milliseconds).unref();
  };
  askIn(lostMilliseconds);
  return (microseconds) => {
    clock.adjust(microseconds);
    askIn(measureMilliseconds);
  };
}

function limitTime(clock: Clock): { readonly signal: AbortSignal; stop(): void } {
  const limit = new AbortController();
  const end = clock.read().labSeconds + limitSeconds;
  const timer = setInterval(() => {
    if (clock.read().labSeconds > end) limit.abort();
  }, watchMilliseconds).unref();
  return { signal: limit.signal, stop: () => clearInterval(timer) };
}

function describeTime(since: ClockReading, now: ClockReading): string {
  const labSeconds = now.labSeconds - since.labSeconds;
  const machineSeconds = now.machineSeconds - since.machineSeconds;
  const times = (machineSeconds / labSeconds).toFixed(1);
  return `         in ${labSeconds.toFixed(0)} s of the lab, ${machineSeconds.toFixed(0)} s of this machine, which is ${times} times as slow as a quiet one`;
}
