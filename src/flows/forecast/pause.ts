import type { ScanHistory, ScanRecord } from './history.ts';

/**
 * A clock may go ahead while nothing happens: a virtual machine was paused or moved, a clock was set. An interval that is
 * far longer than those before, in which far fewer flows came than at the rate before, counts as no longer than they took
 * to come: what was before moves closer. Of a process that was stopped, or scans that failed, the table went on.
 */
export function withoutPause(history: ScanHistory, now: ScanRecord): ScanHistory {
  const latest = history.slice(-maxRecords);
  const [first, last] = [latest.at(0), latest.at(-1)];
  if (first === undefined || last === undefined || latest.length < fewestRecords) return history;
  const usual = (last.atSeconds - first.atSeconds) / (latest.length - 1);
  const seconds = now.atSeconds - last.atSeconds;
  const perSecond = (last.staying - first.staying) / (last.atSeconds - first.atSeconds);
  if (seconds <= longerThanUsual * usual || perSecond <= 0) return history;
  const expected = perSecond * seconds;
  const came = Math.max(0, now.staying - last.staying);
  const chance = Math.hypot(Math.sqrt(expected), now.stayingError, last.stayingError);
  if (came >= expected - certainty * chance) return history;
  const pause = seconds - Math.max(usual, came / perSecond);
  return pause <= 0 ? history : history.map((past) => ({ ...past, atSeconds: past.atSeconds + pause }));
}

/** The latest scans, by which the rate is known, and the fewest of them. */
const maxRecords = 9;
const fewestRecords = 4;

const longerThanUsual = 2;

/** Standard errors. */
const certainty = 4;
