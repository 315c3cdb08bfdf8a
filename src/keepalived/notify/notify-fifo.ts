import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { geteuid } from 'node:process';
import { hasCode, messageOf } from '../../host/errors.ts';
import type { Announcements } from '../../host/host.ts';
import type { Log } from '../../log/log.ts';
import { logMessages } from '../../log/messages.ts';
import { createAnnouncementTally } from './announcement-tally.ts';
import { createLineSplitter } from './line-splitter.ts';

export interface NotifyFifoOptions {
  /** keepalived's `vrrp_notify_fifo` or `notify_fifo`. */
  readonly path: string;
  readonly log: Log;
  /** How often to look whether keepalived has created the FIFO again. It keeps 64 KiB of lines until a reader opens it. */
  readonly checkMilliseconds?: number;
  /** Unix time in seconds. */
  readonly now?: () => number;
}

export interface NotifyFifo {
  announcements(): Announcements;
  close(): void;
}

/**
 * Reads keepalived's notify FIFO. keepalived creates it when it starts and removes it when it stops or reloads its
 * configuration: whether the path still names the open file is checked regularly.
 *
 * What is in the FIFO when this program starts is left out: its age is unknown.
 */
export function listenToNotifyFifo(options: NotifyFifoOptions): NotifyFifo {
  const { path, log, checkMilliseconds = 1000, now = () => Date.now() / 1000 } = options;
  const tally = createAnnouncementTally();
  let source: Source | undefined;
  let problem: string | undefined = '';

  function note(outcome: string | undefined): void {
    if (outcome === problem) return;
    problem = outcome;
    if (outcome === undefined) log.info({ path }, logMessages.fifoOpened);
    else log.warn({ path, problem: outcome }, logMessages.fifoFailed);
  }

  function check(isStart: boolean): void {
    try {
      if (source && isSameFile(source.file, lstatSync(path, { throwIfNoEntry: false }))) return;
      source?.finish();
      source = undefined;
      const descriptor = openFifo(path);
      if (isStart) readRest(descriptor);
      const opened = listen(descriptor, {
        onLine: (line) => tally.add(line, now()),
        onRest: () => tally.addMalformed(),
        onEnd: () => {
          if (source === opened) source = undefined;
        },
      });
      source = opened;
      note(undefined);
    } catch (error) {
      note(messageOf(error));
    }
  }

  check(true);
  const timer = setInterval(check, checkMilliseconds, false).unref();
  return {
    announcements: () => ({ listening: source !== undefined, ...tally.read() }),
    close() {
      clearInterval(timer);
      source?.finish();
    },
  };
}

/** A FIFO that is open. */
interface Source {
  readonly file: Stats;
  /** Reads what is left in it and closes it. */
  finish(): void;
}

function isSameFile(one: Stats, other: Stats | undefined): boolean {
  return one.ino === other?.ino && one.dev === other.dev;
}

/** Opens it for reading only, which every user may do and which does not wait for keepalived. A link leads elsewhere. */
function openFifo(path: string): number {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  const problem = findProblem(path, fstatSync(descriptor));
  if (problem === undefined) return descriptor;
  closeSync(descriptor);
  throw new Error(problem);
}

/** Why what was opened is not the FIFO. In a folder like /tmp every user can make one, and announce in it. */
function findProblem(path: string, state: Stats): string | undefined {
  if (!state.isFIFO()) {
    return `Expected ${path} to be a FIFO: give --collector.keepalived.notify-fifo the vrrp_notify_fifo of keepalived`;
  }
  const isForeign = state.uid !== 0 && state.uid !== geteuid?.();
  if (!isForeign || (statSync(dirname(path)).mode & constants.S_IWOTH) === 0) return undefined;
  return `Expected ${path} to belong to root, got user ${state.uid}: every user can write to its folder; move vrrp_notify_fifo to another one`;
}

/** Reads what is there now, without waiting for more. */
function readRest(descriptor: number): string {
  const bytes = Buffer.alloc(65_536);
  try {
    // The capacity of a pipe.
    return bytes.toString('utf8', 0, readSync(descriptor, bytes));
  } catch (error) {
    if (hasCode(error, 'EAGAIN')) return '';
    throw error;
  }
}

interface Listener {
  readonly onLine: (line: string) => void;
  /** The FIFO ended in the middle of a line. */
  readonly onRest: () => void;
  readonly onEnd: () => void;
}

/** Reads a FIFO until the last that has it open for writing closes it. */
function listen(descriptor: number, { onLine, onRest, onEnd }: Listener): Source {
  const file = fstatSync(descriptor);
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  const lines = createLineSplitter(onLine);
  socket.setEncoding('utf8').unref();
  socket.on('data', (text: string) => lines.push(text));
  // It closes after every error.
  socket.on('error', () => {});
  socket.on('close', () => {
    if (lines.hasRest()) onRest();
    onEnd();
  });
  return {
    file,
    finish() {
      if (!socket.destroyed) lines.push(readRest(descriptor));
      socket.destroy();
    },
  };
}
