import { setTimeout as sleep } from 'node:timers/promises';

const pollMilliseconds = 500;
const maxFigureLength = 600;

/**
 * Waits until the predicate holds for what the probe gives, and prints one line with what was there: `ok`, or `NOT SEEN`
 * when the time is over. A probe that rejects has not seen it yet. Returns the last thing that the probe gave.
 */
export type See = <Actual>(
  what: string,
  probe: () => Promise<Actual>,
  predicate: (actual: Actual) => boolean,
  options?: { withinSeconds: number },
) => Promise<Actual | undefined>;

export interface Checks {
  readonly see: See;
  /** Prints a line that is no check. */
  readonly print: (line: string) => void;
  /** Counts something that went wrong outside of a check. */
  fail(what: string, error: unknown): void;
  /** How many were seen and not seen since it was last called. */
  takeTally(): { seen: number; notSeen: number };
}

export function createChecks(print: (line: string) => void): Checks {
  let seen = 0;
  let notSeen = 0;
  const report = (ok: boolean, what: string, figure: string) => {
    if (ok) seen++;
    else notSeen++;
    print(`${ok ? 'ok      ' : 'NOT SEEN'} ${secondsSinceStart()}  ${what}: ${figure}`);
  };
  return {
    print,
    see: async (what, probe, predicate, { withinSeconds } = { withinSeconds: 60 }) => {
      const outcome = await poll(probe, predicate, performance.now() + withinSeconds * 1000);
      report(outcome.ok, what, outcome.figure);
      return outcome.actual;
    },
    fail: (what, error) => report(false, what, String(error)),
    takeTally: () => {
      const tally = { seen, notSeen };
      [seen, notSeen] = [0, 0];
      return tally;
    },
  };
}

async function poll<Actual>(
  probe: () => Promise<Actual>,
  predicate: (actual: Actual) => boolean,
  deadline: number,
): Promise<{ ok: boolean; figure: string; actual?: Actual }> {
  for (;;) {
    const outcome = await look(probe, predicate);
    if (outcome.ok || performance.now() > deadline) return outcome;
    await sleep(pollMilliseconds);
  }
}

async function look<Actual>(probe: () => Promise<Actual>, predicate: (actual: Actual) => boolean) {
  try {
    const actual = await probe();
    return { ok: predicate(actual), figure: formatFigure(actual), actual };
  } catch (error) {
    return { ok: false, figure: String(error) };
  }
}

function formatFigure(actual: unknown): string {
  const text = typeof actual === 'string' ? actual : JSON.stringify(actual);
  return text.length > maxFigureLength ? `${text.slice(0, maxFigureLength)}...` : text;
}

function secondsSinceStart(): string {
  return `${(performance.now() / 1000).toFixed(1).padStart(6)} s`;
}
