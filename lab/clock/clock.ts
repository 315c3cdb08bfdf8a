import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createPace } from './pace.ts';

/**
 * The clock of the lab. On a machine that is slower than the reference it goes as much slower, so that everything in the
 * lab has as much time, and as little to do in it: timeouts of the kernel and of daemons, scrapes, alerts, loads, waits.
 */
export interface Clock {
  /** What makes a program that is started with it take its time from this clock. */
  readonly environment: Readonly<Record<string, string>>;
  /** Takes what pace.sh measured. */
  adjust(microseconds: number): void;
  /** How many seconds passed on both clocks. */
  read(): ClockReading;
}

export interface ClockReading {
  readonly machineSeconds: number;
  readonly labSeconds: number;
}

/** Of the file that clock.c reads. */
const fileBytes = 4096;
const fullRate = 65_536;

/** Builds the library in a folder and starts a clock that is as fast as the machine's. */
export function createClock(folder: string): Clock {
  const [library, file] = [join(folder, 'clock.so'), join(folder, 'clock')];
  execFileSync('tcc', ['-shared', '-nostdlib', '-o', library, join(import.meta.dirname, 'clock.c')]);
  writeFileSync(file, new Uint8Array(fileBytes));
  writeRate(file, fullRate);
  const [pace, readings] = [createPace(), createReadings()];
  return {
    environment: { LD_PRELOAD: library, LAB_CLOCK: file },
    adjust(microseconds) {
      const slowness = pace.add(microseconds);
      readings.slow(slowness);
      writeRate(file, Math.round(fullRate / slowness));
    },
    read: readings.read,
  };
}

/** In place: the library has the file mapped. */
function writeRate(file: string, rate: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Uint32Array.of(rate), 0, Uint32Array.BYTES_PER_ELEMENT, 0);
  closeSync(descriptor);
}

function createReadings(): { read(): ClockReading; slow(factor: number): void } {
  const startedAt = performance.now();
  let last = { at: startedAt, labSeconds: 0, factor: 1 };
  const read = (): ClockReading => {
    const now = performance.now();
    return {
      machineSeconds: (now - startedAt) / 1000,
      labSeconds: last.labSeconds + (now - last.at) / 1000 / last.factor,
    };
  };
  const slow = (factor: number) => {
    last = { labSeconds: read().labSeconds, at: performance.now(), factor };
  };
  return { slow, read };
}
