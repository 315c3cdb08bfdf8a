import { type Log, logLevels } from './log.ts';
import { logMessages } from './messages.ts';

/** Lines with one message in one period: as many as there are collectors fail together, twice. */
const maxLines = 30;
const periodMs = 60_000;

interface Period {
  readonly endMs: number;
  lines: number;
}

/**
 * The same log, in which no message fills the disk: of lines with one message, those beyond the first 30 in a minute are
 * withheld, and the first of a later minute is preceded by how many. Lines at debug level are not limited.
 *
 * `nowMs` is a clock that is never set back.
 */
export function limitRepeats(log: Log, nowMs: () => number = () => performance.now()): Log {
  const periods = new Map<string, Period>();

  /** Whether a line may be written now. */
  function allow(message: string): boolean {
    const now = nowMs();
    const current = periods.get(message);
    if (current && now < current.endMs) return ++current.lines <= maxLines;
    const withheld = (current?.lines ?? 0) - maxLines;
    if (withheld > 0) log.warn({ message, lines: withheld }, logMessages.linesSuppressed);
    periods.set(message, { endMs: now + periodMs, lines: 1 });
    return true;
  }

  const limited = logLevels.map((level) => [level, limit(log, level, allow)]);
  return Object.fromEntries(limited);
}

function limit(log: Log, level: keyof Log, allow: (message: string) => boolean): Log[keyof Log] {
  return (fields, message) => {
    if (level === 'debug' || allow(message)) log[level](fields, message);
  };
}
