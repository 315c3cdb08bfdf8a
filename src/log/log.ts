import { pino } from 'pino';
import { makeLinesVisible } from '../identity/visible.ts';
import type { LogMessage } from './messages.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export const logFormats = ['logfmt', 'json'] as const;

export interface LogOptions {
  readonly level: (typeof logLevels)[number];
  readonly format: (typeof logFormats)[number];
  readonly write: (line: string) => void;
}

type Fields = Readonly<Record<string, string | number | undefined>>;

/** What the program's parts may do with the log. */
export type Log = Readonly<Record<(typeof logLevels)[number], (fields: Fields, message: LogMessage) => void>>;

export function createLog({ level, format, write }: LogOptions): Log {
  const toLine = format === 'json' ? (line: string) => line : toLogfmt;
  const destination = { write: (line: string) => write(makeLinesVisible(toLine(line))) };
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"ts":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}

/** One line of JSON as logfmt. pino's own way needs a worker thread, whose last lines are lost when the process ends. */
function toLogfmt(line: string): string {
  const { ts, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const pairs = Object.entries({ ts, level, msg, ...fields });
  return `${pairs.map(([name, value]) => `${name}=${quoteIfNeeded(String(value))}`).join(' ')}\n`;
}

function quoteIfNeeded(value: string): string {
  return /^[^\s"=\p{C}]+$/u.test(value) ? value : JSON.stringify(value);
}
