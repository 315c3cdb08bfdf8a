import { messageOf } from '../../host/errors.ts';
import type { Log } from '../../log/log.ts';
import { logMessages } from '../../log/messages.ts';

/** Makes a reading give undefined where it throws. */
export type WatchReads = <T>(read: () => T) => () => T | undefined;

/** Readings of one file: each reason for a failure is logged once, and once that all of them succeed again. */
export function createWatchedReads(log: Log): WatchReads {
  const failing = new Map<unknown, string>();
  return (read) => () => {
    try {
      const value = read();
      if (failing.delete(read) && failing.size === 0) log.info({}, logMessages.webConfigReadAgain);
      return value;
    } catch (error) {
      const reason = messageOf(error);
      if (![...failing.values()].includes(reason)) log.error({ error: reason }, logMessages.webConfigFailed);
      failing.set(read, reason);
      return undefined;
    }
  };
}
