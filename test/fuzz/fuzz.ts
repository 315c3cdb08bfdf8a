import { WebConfigError } from '../../src/http/web-config/parse.ts';
import { MessageError } from '../../src/netlink/messages.ts';
import { ParseError } from '../../src/parsers/parse-error.ts';
import { byteTargets } from './byte-targets.ts';
import { mutateBytes, mutateText } from './mutate.ts';
import { createRandom, type Random } from './random.ts';
import { textTargets } from './text-targets.ts';

/** A reader, and one more try with it: an input that it must read, or refuse with its own error. */
export interface Target {
  readonly name: string;
  /** Gives what was tried, and what the reader did. */
  readonly tryOne: (random: Random) => Try;
}

export interface Try {
  readonly input: string | Uint8Array;
  readonly outcome: 'read' | 'refused';
  /** What the reader did that it must not. */
  readonly problem: string | undefined;
}

export const targets: readonly Target[] = [
  ...textTargets.map(
    ({ name, real, read }): Target => ({
      name,
      tryOne: (random) => {
        const input = mutateText(random, real);
        return { input, ...attempt(() => read(input)) };
      },
    }),
  ),
  ...byteTargets.map(
    ({ name, real, read }): Target => ({
      name,
      tryOne: (random) => {
        const input = mutateBytes(random, real);
        const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
        return { input, ...attempt(() => read(view, 0, view.byteLength)) };
      },
    }),
  ),
];

function attempt(read: () => unknown): Omit<Try, 'input'> {
  try {
    return { outcome: 'read', problem: findNaN(read()) ? 'gives NaN' : undefined };
  } catch (error) {
    return { outcome: 'refused', problem: isOwn(error) ? undefined : describe(error) };
  }
}

/** An error that shows what is wrong with the input, in a short line that a terminal can show. */
function isOwn(error: unknown): boolean {
  if (error instanceof ParseError) return /^(?:\S+: )?Cannot parse line [1-9]\d*: .{1,300}$/s.test(error.message);
  if (error instanceof MessageError || error instanceof WebConfigError) return error.message.length < 1000;
  // The kernel's own refusal, in a message of netlink.
  if (error instanceof Error && 'errno' in error) return true;
  return error instanceof Error && error.message.startsWith('Cannot replay ');
}

function describe(error: unknown): string {
  return error instanceof Error ? `throws ${error.stack ?? error.message}` : `throws ${String(error)}`;
}

const findNaN = (value: unknown, depth = 0): boolean => {
  if (typeof value === 'number') return Number.isNaN(value);
  if (typeof value !== 'object' || value === null || depth > 6) return false;
  const inner = value instanceof Map ? value.values() : Array.isArray(value) ? value : Object.values(value);
  for (const one of inner) if (findNaN(one, depth + 1)) return true;
  return false;
};

export interface Outcome {
  readonly inputs: number;
  readonly refused: number;
  readonly slowestMs: number;
  readonly problems: readonly string[];
}

/** Most problems of one reader that are kept. */
const maxProblems = 5;

/** Tries a reader with inputs that a seed decides. */
export function fuzz({ name, tryOne }: Target, seed: number, inputs: number): Outcome {
  const problems: string[] = [];
  let [refused, slowestMs] = [0, 0];
  for (let n = 0; n < inputs; n++) {
    const started = performance.now();
    // Each input is made from its own number: one that is reported can be tried alone.
    const { input, outcome, problem } = tryOne(createRandom(seed + n));
    slowestMs = Math.max(slowestMs, performance.now() - started);
    if (outcome === 'refused') refused++;
    if (problem === undefined || problems.length >= maxProblems) continue;
    const shown = typeof input === 'string' ? JSON.stringify(input.slice(0, 2000)) : Buffer.from(input).toString('hex');
    problems.push(`${name}, input ${seed + n}: ${problem}\n${shown}`);
  }
  return { inputs, refused, slowestMs, problems };
}
