import { createTask } from 'node-cron';

/** Finds the next moments of a schedule. */
export interface Moments {
  /** Unix times in milliseconds, in order: the first is after `now`. */
  next(now: number, count: number): number[];
  stop(): void;
}

const minuteMs = 60_000;

/**
 * The moments of a cron expression with seconds, by node-cron. Those of a schedule that is the same in every hour are
 * counted here: node-cron writes times as a calendar does, and the data that Node.js loads for it take 10 MB of memory.
 */
export function createMoments(expression: string): Moments {
  const times = timesOfEveryHour(expression);
  if (times) return { next: (now, count) => findMoments(times, now, count), stop: () => undefined };
  const cron = createTask(expression, () => undefined);
  return { next: (_now, count) => cron.getNextRuns(count).map(Number), stop: () => cron.destroy() };
}

interface Times {
  readonly seconds: readonly number[];
  readonly minutes: ReadonlySet<number>;
}

/** Undefined where hours or days matter, or where only node-cron can read the expression. */
function timesOfEveryHour(expression: string): Times | undefined {
  const [second = '', minute = '', ...others] = expression.trim().split(/\s+/);
  if (others.length !== 4 || others.some((field) => field !== '*')) return undefined;
  const [seconds, minutes] = [second, minute].map(readField);
  return seconds && minutes && { seconds, minutes: new Set(minutes) };
}

/** In order. */
function readField(field: string): readonly number[] | undefined {
  const parts = field.split(',').map(readRange);
  if (parts.includes(undefined)) return undefined;
  return [...new Set(parts.flatMap((part) => part ?? []))].sort((one, other) => one - other);
}

/** `7`, `5-59`, or `*`, each of the last two with a step. */
const range = /^(?:(\d{1,2})|(?:\*|(\d{1,2})-(\d{1,2}))(?:\/(\d{1,2}))?)$/;

function readRange(text: string): number[] | undefined {
  const match = range.exec(text);
  if (!match) return undefined;
  const [from, to, step] = [match[1] ?? match[2] ?? 0, match[1] ?? match[3] ?? 59, match[4] ?? 1].map(Number);
  if (from === undefined || to === undefined || !step || from > to || to > 59) return undefined;
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

function findMoments({ seconds, minutes }: Times, now: number, count: number): number[] {
  const moments: number[] = [];
  for (let minute = Math.floor(now / minuteMs) * minuteMs; moments.length < count; minute += minuteMs) {
    // Of the local time: there are time zones that are half an hour away from their neighbours.
    if (!minutes.has(new Date(minute).getMinutes())) continue;
    moments.push(...seconds.map((second) => minute + second * 1000).filter((moment) => moment > now));
  }
  return moments.slice(0, count);
}
