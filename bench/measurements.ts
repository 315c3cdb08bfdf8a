import { appendFileSync, readFileSync } from 'node:fs';
import process from 'node:process';

/** What a benchmark measured in each of its rounds: a ratio to a peer, or MiB. The smaller, the better. */
export interface Measurement {
  readonly name: string;
  readonly values: readonly number[];
}

/** The environment variable with the file that each benchmark adds to. */
export const recordVariable = 'LVS_BENCH_RECORD';

/** Notes what was measured, if the variable names a file. */
export function noteMeasurement(name: string, values: readonly number[]): void {
  const file = process.env[recordVariable];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ name, values } satisfies Measurement)}\n`);
}

/** @throws SyntaxError with the line that is not a measurement, or the system error of reading the file. */
export function readMeasurements(file: string): Measurement[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, index) => (line === '' ? [] : [parseMeasurement(line, `${file} line ${index + 1}`)]));
}

function parseMeasurement(line: string, place: string): Measurement {
  const { name, values } = parseObject(line);
  if (typeof name === 'string' && Array.isArray(values) && values.length > 0 && values.every(Number.isFinite))
    return { name, values };
  throw new SyntaxError(
    `Cannot parse ${place}: expected {"name": "...", "values": [1, ...]}, got ${line.slice(0, 80)}`,
  );
}

/** Without fields if it is not JSON. */
function parseObject(line: string): Partial<Record<keyof Measurement, unknown>> {
  try {
    return JSON.parse(line) ?? {};
  } catch {
    return {};
  }
}

export interface Comparison {
  readonly name: string;
  /** Medians. Undefined of what only one of the runs has. */
  readonly before: number | undefined;
  readonly now: number | undefined;
  /** How much larger it may be: as much as the rounds of either run differ among themselves. */
  readonly noise: number;
  readonly isWorse: boolean;
}

export function compareMeasurements(before: readonly Measurement[], now: readonly Measurement[]): Comparison[] {
  const names = new Set([...before, ...now].map(({ name }) => name));
  return [...names].map((name) => compareOne(name, find(before, name), find(now, name)));
}

function find(all: readonly Measurement[], name: string): readonly number[] {
  return all.find((one) => one.name === name)?.values ?? [];
}

function compareOne(name: string, before: readonly number[], now: readonly number[]): Comparison {
  const [then, present] = [median(before), median(now)];
  const noise = Math.max(spread(before), spread(now), leastNoise * (then ?? 0));
  return {
    name,
    before: then,
    now: present,
    noise,
    isWorse: (present ?? 0) > (then ?? Number.POSITIVE_INFINITY) + noise,
  };
}

/** Part of a value: one that was measured once may differ by as much. */
const leastNoise = 0.05;

function median(values: readonly number[]): number | undefined {
  return values.toSorted((one, other) => one - other)[values.length >> 1];
}

/** Between the quartiles. */
function spread(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
  return at(0.75) - at(0.25);
}
