import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pid as ownPid } from 'node:process';
import type { DumpKind } from '../host.ts';
import { hasCode } from '../read.ts';
import type { Daemon } from './daemon.ts';
import { type DumpFile, findFiles, readDumpOf } from './dump-file.ts';
import type { Place, Places } from './place.ts';
import {
  isSameProcess,
  type Process,
  parseProcess,
  parseSignals,
  readProcess,
  type Signals,
  unlessEnded,
} from './process.ts';

/** How long to wait for keepalived, and the means to. */
export interface Patience {
  /** What keepalived gets to write its dumps. */
  readonly timeoutMilliseconds: number;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly kill: (pid: number, signal: number) => void;
}

export const pollMilliseconds = 20;

/**
 * Asks for one dump after the other, and hands each that keepalived writes to `take`. Each gets its share of the time.
 * Resolves to those that it did not write.
 *
 * @throws Error when keepalived hangs: it is not asked for the next; when PROCFS has other processes than this program.
 */
export async function requestFreshDumps(
  options: Patience & { readonly procfs: string },
  daemon: Daemon,
  places: Places,
  take: (kind: DumpKind, file: DumpFile) => void,
): Promise<DumpKind[]> {
  const { procfs, timeoutMilliseconds, now, kill } = options;
  checkNamespace(procfs);
  const requests = planRequests(await readDaemonSignals(procfs, daemon), places);
  const unanswered: DumpKind[] = [];
  for (const { kinds, signal } of requests) {
    const { pending } = await readDaemonSignals(procfs, daemon);
    if (requests.some((request) => pending.has(request.signal))) throw hangs(daemon);
    const wanted = await Promise.all(kinds.map(async ([kind, place]) => ({ kind, place, before: await list(place) })));
    const deadline = now() + timeoutMilliseconds / requests.length;
    if (!sendSignal(procfs, daemon.parent, signal, kill)) return [];
    for (const { kind, place, before } of wanted) {
      const read = (path: string) => readDumpOf(procfs, daemon, kind, path);
      const file = await awaitAnswer(options, place, before, read, deadline);
      if (file) take(kind, file);
      else unanswered.push(kind);
    }
  }
  return unanswered;
}

/**
 * Where /proc is that of another PID namespace, as in a container that has the host's mounted, its numbers stand for other
 * processes here: a signal would reach somebody else, or nobody.
 */
function checkNamespace(procfs: string): void {
  if (readProcess(procfs, 'self')?.pid === ownPid) return;
  const cure = "share the host's (pid: host, hostPID: true), or run with --no-collector.keepalived-dumps";
  throw new Error(`Cannot signal keepalived: ${procfs} is of another PID namespace than this program: ${cure}`);
}

async function list(place: Place): Promise<ReadonlySet<string>> {
  return new Set((await findFiles(place)).map(({ writing }) => writing));
}

/** The file that keepalived wrote and had not written before, whole; undefined when the time is over. */
async function awaitAnswer(
  { now, sleep }: Patience,
  place: Place,
  before: ReadonlySet<string>,
  read: (path: string) => Promise<DumpFile | undefined>,
  deadline: number,
): Promise<DumpFile | undefined> {
  for (;;) {
    for (const { path, writing } of await findFiles(place)) {
      const file = before.has(writing) ? undefined : await read(path);
      if (file && file.problem === undefined) return file;
    }
    if (now() >= deadline) return undefined;
    await sleep(pollMilliseconds);
  }
}

function hangs({ parent }: Daemon): Error {
  return new Error(`Expected keepalived, process ${parent.pid}, to take its last signal, which still waits`);
}

/** A signal, and the dumps that it asks for. */
interface DumpRequest {
  readonly kinds: readonly (readonly [DumpKind, Place])[];
  readonly signal: number;
}

const usr1 = 10;
const usr2 = 12;
/** SIGRTMIN + 2, where glibc begins with 34 and musl with 35. SIGRTMAX - 1 clears the counters: never sent. */
const jsonSignals = [36, 37];

/**
 * The dumps to ask for, in this order. Only by signals that are handled: a keepalived built without JSON does not handle
 * that one, and a signal that is not handled may kill.
 *
 * The JSON dump holds the counters, so the statistics are asked for only without it. They come before the data, whose
 * end can be told: keepalived writes one dump after the other, so when the data are whole, so are the statistics.
 */
function planRequests({ handled }: Signals, places: Places): DumpRequest[] {
  const ask = (signal: number, ...kinds: readonly DumpKind[]): DumpRequest => ({
    signal,
    kinds: [...places].filter(([kind]) => kinds.includes(kind)),
  });
  const state = ask(usr1, 'data', 'check');
  const json = jsonSignals.find((signal) => handled.has(signal));
  const requests = json === undefined ? [ask(usr2, 'stats'), state] : [state, ask(json, 'json')];
  return requests.filter(({ signal, kinds }) => handled.has(signal) && kinds.length > 0);
}

/** The signals that keepalived's processes handle, the parent and one that writes, and those not yet taken by any. */
async function readDaemonSignals(procfs: string, { parent, vrrp, others }: Daemon): Promise<Signals> {
  const read = async ({ pid }: Process) =>
    parseSignals((await unlessEnded(readFile(`${procfs}/${pid}/status`, 'utf8'))) ?? '');
  const [its, ...childs] = await Promise.all([parent, vrrp, ...others].flatMap((one) => (one ? [read(one)] : [])));
  return {
    handled: new Set([...(its?.handled ?? [])].filter((signal) => childs.some(({ handled }) => handled.has(signal)))),
    pending: new Set([its, ...childs].flatMap((one) => [...(one?.pending ?? [])])),
  };
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
    if (!isSameProcess(parent, parseProcess(readFileSync(`${procfs}/${pid}/stat`, 'utf8')))) return false;
    if (!parseSignals(readFileSync(`${procfs}/${pid}/status`, 'utf8')).handled.has(signal)) return false;
    kill(pid, signal);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return false;
    if (!hasCode(error, 'EPERM')) throw error;
    const cure = 'run as root or with CAP_KILL, or with --no-collector.keepalived-dumps';
    throw new Error(`Cannot signal keepalived, process ${pid}: ${cure}`, { cause: error });
  }
}
