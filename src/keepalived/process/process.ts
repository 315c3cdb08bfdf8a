import { closeSync, constants, openSync, readdirSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { hasCode } from '../../host/errors.ts';
import { readRegularFile } from '../../host/regular-file.ts';

/** A process as /proc/[pid]/stat describes it. */
export interface Process {
  readonly pid: number;
  readonly name: string;
  readonly parentPid: number;
  /** Clock ticks after boot. With the pid, its identity. */
  readonly startTicks: number;
}

/** A process's signals in /proc/[pid]/status, by number. */
export interface Signals {
  /** It has a handler, or blocks them and reads them from a signalfd, as keepalived does from 2.0 on. */
  readonly handled: ReadonlySet<number>;
  /** Sent, and not yet taken. */
  readonly pending: ReadonlySet<number>;
}

/** Processes that are read before the event loop turns: some 2 ms. */
const readAtOnce = 100;

/**
 * All processes. They are read without asynchronous calls, of which there would be thousands: these take eight times as
 * much of the processor.
 */
export async function listProcesses(procfs: string): Promise<Process[]> {
  const pids = readdirSync(procfs).filter((name) => /^\d+$/.test(name));
  const processes: Process[] = [];
  for (const [index, pid] of pids.entries()) {
    if (index % readAtOnce === readAtOnce - 1) await setImmediate();
    const process = readProcess(procfs, Number(pid));
    if (process) processes.push(process);
  }
  return processes;
}

/** Undefined when it has ended. */
export function readProcess(procfs: string, pid: number | 'self'): Process | undefined {
  try {
    const process = parseProcess(readStat(`${procfs}/${pid}/stat`));
    return Number.isNaN(process.pid) ? undefined : process;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}

/** The kernel gives all of it at once. */
const statBytes = Buffer.alloc(4096);

/** For each process of the machine, so in three calls. A pipe in its place does not keep the thread. */
function readStat(path: string): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return statBytes.toString('utf8', 0, readSync(descriptor, statBytes));
  } finally {
    closeSync(descriptor);
  }
}

/** Of what the kernel reports on a process. */
export const maxProcessBytes = 2 ** 16;

/** Of its words and its environment: execve(2) takes 6 MB of both at most. */
export const maxStackBytes = 2 ** 23;

/** Whether it is that process, and not another one that got its pid. */
export function isSameProcess(one: Process, other: Process | undefined): boolean {
  return one.pid === other?.pid && one.startTicks === other.startTicks && one.name === other.name;
}

/** Parses /proc/[pid]/stat. The name stands in brackets and may hold any character, brackets too. */
export function parseProcess(text: string): Process {
  const end = text.lastIndexOf(')');
  const [, parentPid, ...fields] = text.slice(end + 2).split(' ');
  return {
    pid: Number.parseInt(text, 10),
    name: text.slice(text.indexOf('(') + 1, end),
    parentPid: Number(parentPid),
    startTicks: Number(fields[17]),
  };
}

/** Those of a process that has ended are none. */
export async function readSignals(procfs: string, process: Process): Promise<Signals> {
  return parseSignals((await readProcessStatus(procfs, process)) ?? '');
}

/** /proc/[pid]/status, which every user may read. Undefined when the process has ended. */
export function readProcessStatus(procfs: string, { pid }: Process): Promise<string | undefined> {
  return unlessEnded(readRegularFile(`${procfs}/${pid}/status`, maxProcessBytes));
}

/**
 * Parses the user of /proc/[pid]/status: who started the process, and who it acts as. Undefined where these differ, as for a
 * setuid program of root that another user started, with the words and the signals of that user's choice.
 * `Uid: real effective saved file-system`
 */
export function parseUser(text: string): number | undefined {
  const [, real, effective] = /^Uid:\s+(\d+)\s+(\d+)/m.exec(text) ?? [];
  return real === undefined || real !== effective ? undefined : Number(real);
}

/** How long a process has run, in seconds. Negative where /proc/uptime is another clock's, as with lxcfs. */
export async function readAgeSeconds(procfs: string, { startTicks }: Process): Promise<number> {
  return Number.parseFloat(await readRegularFile(`${procfs}/uptime`, maxProcessBytes)) - startTicks / ticksPerSecond;
}

/** USER_HZ, which is 100 on every architecture that keepalived is packaged for. */
export const ticksPerSecond = 100;

/** Parses the signal masks of /proc/[pid]/status. */
export function parseSignals(text: string): Signals {
  const mask = (name: string) => BigInt(`0x${new RegExp(`^${name}:\\s*([\\da-f]+)$`, 'm').exec(text)?.[1] ?? 0}`);
  return {
    handled: signalsIn((mask('SigCgt') | mask('SigBlk')) & ~mask('SigIgn')),
    pending: signalsIn(mask('SigPnd') | mask('ShdPnd')),
  };
}

function signalsIn(mask: bigint): Set<number> {
  const numbers = Array.from({ length: 64 }, (_, index) => index + 1);
  return new Set(numbers.filter((number) => (mask >> BigInt(number - 1)) & 1n));
}

/** What `reading` below /proc/[pid] gives, or undefined when the process has ended. */
export async function unlessEnded<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}

/** Names the thing and the cure when the kernel refuses. */
export async function explainDenial<T>(attempt: Promise<T>, problem: string, capability: string): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM')) throw error;
    throw new Error(`${problem}, which belongs to keepalived: run as root or with ${capability}`, { cause: error });
  }
}

/** Reads what only keepalived itself and the privileged may; undefined when the process has ended. */
export async function readAsKeepalived<T>(path: string, read: (path: string) => Promise<T>): Promise<T | undefined> {
  return unlessEnded(explainDenial(read(path), `Cannot read ${path}`, 'CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH'));
}
