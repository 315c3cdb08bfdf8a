import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { DumpKind } from '../host.ts';
import { hasCode } from '../read.ts';
import type { Daemon } from './daemon.ts';
import { type DumpFile, readDumpFile } from './dump-file.ts';
import { isSameProcess, type Process, parseProcess, parseSignals, type Signals, unlessEnded } from './process.ts';

/** How long to wait for keepalived, and the means to. */
export interface Patience {
  /** What keepalived gets to write its dumps. */
  readonly timeoutMilliseconds: number;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly kill: (pid: number, signal: number) => void;
}

export const pollMilliseconds = 20;

/** Asks for one dump after the other. Each gets its share of the time; one that hangs is not asked for the next. */
export async function requestFreshDumps(
  { procfs, timeoutMilliseconds, now, sleep, kill }: Patience & { readonly procfs: string },
  daemon: Daemon,
  directory: string,
): Promise<void> {
  const requests = planRequests(await readDaemonSignals(procfs, daemon));
  for (const { kind, signal } of requests) {
    const { pending } = await readDaemonSignals(procfs, daemon);
    if (requests.some((request) => pending.has(request.signal))) return;
    const path = `${directory}/keepalived.${kind}`;
    const before = await readDumpFile(kind, path);
    const deadline = now() + timeoutMilliseconds / requests.length;
    if (!sendSignal(procfs, daemon.parent, signal, kill)) return;
    while (now() < deadline && !isAnswer(before, await readDumpFile(kind, path))) await sleep(pollMilliseconds);
  }
}

function isAnswer(before: DumpFile | undefined, after: DumpFile | undefined): boolean {
  return after !== undefined && after.problem === undefined && after.writing !== before?.writing;
}

/** A dump and the signal that asks for it. */
interface DumpRequest {
  readonly kind: DumpKind;
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
function planRequests({ handled }: Signals): DumpRequest[] {
  const data: DumpRequest = { kind: 'data', signal: usr1 };
  const json = jsonSignals.find((signal) => handled.has(signal));
  const requests: DumpRequest[] =
    json === undefined ? [{ kind: 'stats', signal: usr2 }, data] : [data, { kind: 'json', signal: json }];
  return requests.filter(({ signal }) => handled.has(signal));
}

/** The signals that both the parent and the VRRP process handle, and those that either has not yet taken. */
async function readDaemonSignals(procfs: string, { parent, vrrp }: Daemon): Promise<Signals> {
  const read = async ({ pid }: Process) =>
    parseSignals((await unlessEnded(readFile(`${procfs}/${pid}/status`, 'utf8'))) ?? '');
  const [its, childs] = await Promise.all([read(parent), vrrp ? read(vrrp) : parseSignals('')]);
  return {
    handled: new Set([...its.handled].filter((signal) => childs.handled.has(signal))),
    pending: new Set([...its.pending, ...childs.pending]),
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
    const cure = 'run as root or with CAP_KILL, or with --no-collector.keepalived.request-dumps';
    throw new Error(`Cannot signal keepalived, process ${pid}: ${cure}`, { cause: error });
  }
}
