import { pid as ownPid } from 'node:process';
import { hasCode } from '../../host/errors.ts';
import type { DumpKind } from '../../host/host.ts';
import { readRegularFileSync } from '../../host/regular-file.ts';
import type { Daemon } from '../process/daemon.ts';
import {
  isSameProcess,
  maxProcessBytes,
  type Process,
  parseSignals,
  readProcess,
  readSignals,
} from '../process/process.ts';
import { jsonSignals, usr1, usr2 } from '../process/signals.ts';
import { type DumpFile, findFiles, readDumpOf } from './dump-file.ts';
import type { Place, Places } from './filesystem.ts';

/** How long to wait for keepalived, and the means to. */
export interface RequestSettings {
  /** What keepalived gets to write its dumps. */
  readonly timeoutMilliseconds: number;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly kill: (pid: number, signal: number) => void;
}

export const pollMilliseconds = 20;

/** A dump that keepalived was asked for and did not write, or wrote and it is not whole. */
export interface Unanswered {
  readonly kind: DumpKind;
  /** What it wrote. */
  readonly file: DumpFile | undefined;
}

/**
 * Asks for one dump after the other, and hands each that keepalived writes to `take`. Each gets its share of the time.
 * Resolves to those that it did not write whole.
 *
 * @throws Error when keepalived hangs: it is not asked for the next; when its checkers or BFD do, after all others were
 * asked; when PROCFS has other processes than this program.
 */
export async function requestFreshDumps(
  options: RequestSettings & { readonly procfs: string },
  daemon: Daemon,
  places: Places,
  take: (kind: DumpKind, file: DumpFile) => void,
): Promise<Unanswered[]> {
  const { procfs, timeoutMilliseconds, now, kill } = options;
  checkNamespace(procfs);
  const { parent, vrrp, others } = daemon;
  // Looked at before the first signal, because BFD's answer is not awaited. However often SIGUSR1 is sent to one that
  // hangs, it gets it once; the other signals are not handed to it.
  const hanging = await findHanging(procfs, others);
  const asked = selectWritten(daemon, places, hanging !== undefined);
  const requests = planRequests(await readHandled(procfs, daemon), asked);
  const unanswered: Unanswered[] = [];
  for (const { kinds, signal } of requests) {
    const hangingWriter = await findHanging(procfs, vrrp ? [parent, vrrp] : [parent]);
    if (hangingWriter) throw hangs(hangingWriter);
    const wanted = await Promise.all(kinds.map(async ([kind, place]) => ({ kind, place, before: await list(place) })));
    const deadline = now() + timeoutMilliseconds / requests.length;
    if (!sendSignal(procfs, parent, signal, kill)) return [];
    for (const { kind, place, before } of wanted) {
      const read = (path: string) => readDumpOf(procfs, daemon, kind, path);
      const file = await awaitAnswer(options, place, before, read, deadline);
      if (file && file.problem === undefined) take(kind, file);
      else unanswered.push({ kind, file });
    }
  }
  if (hanging) throw hangs(hanging);
  return unanswered;
}

/**
 * Where /proc is that of another PID namespace, as in a container that has the host's mounted, its numbers stand for other
 * processes here: a signal would reach another process, or none.
 */
function checkNamespace(procfs: string): void {
  if (readProcess(procfs, 'self')?.pid === ownPid) return;
  const cure = "share the host's (pid: host, hostPID: true), or run with --no-collector.keepalived-dumps";
  throw new Error(`Cannot signal keepalived: ${procfs} is of another PID namespace than this program: ${cure}`);
}

async function list(place: Place): Promise<ReadonlySet<string>> {
  return new Set((await findFiles(place)).map(({ writing }) => writing));
}

/**
 * The file that keepalived wrote and had not written before. When the time is over, the one that is not whole, or whatever
 * stands where keepalived writes it.
 */
async function awaitAnswer(
  { now, sleep }: RequestSettings,
  place: Place,
  before: ReadonlySet<string>,
  read: (path: string) => Promise<DumpFile | undefined>,
  deadline: number,
): Promise<DumpFile | undefined> {
  for (;;) {
    let refused: DumpFile | undefined;
    for (const { path, writing } of await findFiles(place)) {
      const file = before.has(writing) ? undefined : await read(path);
      if (file && file.problem === undefined) return file;
      refused ??= file;
    }
    if (now() >= deadline) return refused ?? (await readProblem(place, read));
    await sleep(pollMilliseconds);
  }
}

/** What is wrong with the file of a place, if there is one. */
async function readProblem(
  { directory, name }: Place,
  read: (path: string) => Promise<DumpFile | undefined>,
): Promise<DumpFile | undefined> {
  const file = await read(`${directory}/${name}`);
  return file?.problem === undefined ? undefined : file;
}

/** The first of keepalived's processes that has not taken a signal that asked it for a dump. */
async function findHanging(procfs: string, processes: readonly Process[]): Promise<Process | undefined> {
  const signals = await Promise.all(processes.map((process) => readSignals(procfs, process)));
  return processes.find((_, index) => [usr1, usr2, ...jsonSignals].some((one) => signals[index]?.pending.has(one)));
}

function hangs({ pid }: Process): Error {
  return new Error(`Expected keepalived, process ${pid}, to take its last signal, which still waits`);
}

/** The dumps that the processes that run write. The checkers' is left out while they hang. */
function selectWritten({ vrrp, others }: Daemon, places: Places, isHanging: boolean): Places {
  const isWritten = (kind: DumpKind) => (kind === 'check' ? others.length > 0 && !isHanging : vrrp !== undefined);
  return new Map([...places].filter(([kind]) => isWritten(kind)));
}

/** A signal, and the dumps that it asks for. */
interface DumpRequest {
  readonly kinds: readonly (readonly [DumpKind, Place])[];
  readonly signal: number;
}

/**
 * The dumps to ask for, in this order. Only by signals that are handled: a keepalived built without JSON does not handle
 * that one, and a signal that is not handled may kill.
 *
 * The JSON dump holds the counters, so the statistics are asked for only without it. They come before the data, whose
 * end can be determined: keepalived writes one dump after the other, so when the data are whole, so are the statistics.
 */
function planRequests(handled: ReadonlySet<number>, places: Places): DumpRequest[] {
  const ask = (signal: number, ...kinds: readonly DumpKind[]): DumpRequest => ({
    signal,
    kinds: [...places].filter(([kind]) => kinds.includes(kind)),
  });
  const state = ask(usr1, 'data', 'check');
  const json = jsonSignals.find((signal) => handled.has(signal));
  const requests = json === undefined ? [ask(usr2, 'stats'), state] : [state, ask(json, 'json')];
  return requests.filter(({ signal, kinds }) => handled.has(signal) && kinds.length > 0);
}

/** The signals that keepalived's parent process handles, and one that writes as well. */
async function readHandled(procfs: string, { parent, vrrp, others }: Daemon): Promise<ReadonlySet<number>> {
  const children = vrrp ? [vrrp, ...others] : others;
  const [its, ...theirs] = await Promise.all([parent, ...children].map((one) => readSignals(procfs, one)));
  return new Set([...(its?.handled ?? [])].filter((signal) => theirs.some(({ handled }) => handled.has(signal))));
}

/**
 * Sends a signal to keepalived's parent process, if it still is that and handles it. Whether it was sent.
 * All at once, so that nothing of this program comes between the check and the signal.
 */
function sendSignal(
  procfs: string,
  parent: Process,
  signal: number,
  kill: (pid: number, signal: number) => void,
): boolean {
  const { pid } = parent;
  try {
    if (!isSameProcess(parent, readProcess(procfs, pid))) return false;
    if (!parseSignals(readRegularFileSync(`${procfs}/${pid}/status`, maxProcessBytes)).handled.has(signal))
      return false;
    kill(pid, signal);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return false;
    if (!hasCode(error, 'EPERM')) throw error;
    const cure = 'run as root or with CAP_KILL, or with --no-collector.keepalived-dumps';
    throw new Error(`Cannot signal keepalived, process ${pid}: ${cure}`, { cause: error });
  }
}
