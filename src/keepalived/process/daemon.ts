import { readlinkSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { geteuid } from 'node:process';
import { hasCode } from '../../host/errors.ts';
import { readRegularFile } from '../../host/regular-file.ts';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import { findWord, readConfigurationText } from './configuration-files.ts';
import { readPidFile } from './pid-file.ts';
import {
  isSameProcess,
  listProcesses,
  maxStackBytes,
  type Process,
  parseSignals,
  parseUser,
  readAgeSeconds,
  readAsKeepalived,
  readProcess,
  readProcessStatus,
  ticksPerSecond,
  unlessEnded,
} from './process.ts';
import { hangUp, terminate } from './signals.ts';
import { distinguishVrrp } from './vrrp-process.ts';

/** keepalived as it runs. */
export interface Daemon {
  /** Takes the signals and hands them on. */
  readonly parent: Process;
  /** Id of the user it runs as: root, or the user of this program. */
  readonly user: number;
  /** Its child that runs VRRP and writes keepalived.json, .data and .stats. A director with checkers alone has none. */
  readonly vrrp: Process | undefined;
  /** Its other children that write a dump: the checker, keepalived_check.data, and BFD. */
  readonly others: readonly Process[];
  readonly commandLine: CommandLine;
}

export interface Search {
  readonly procfs: string;
  /** A file that stands for the network namespace: /proc/self/ns/net. */
  readonly networkNamespace: string;
  /** Whether a process was found to be a keepalived before. */
  readonly isKnown: (parent: Process) => boolean;
}

export interface ReadDaemons {
  /** By the start of their parent processes. */
  readonly daemons: readonly Daemon[];
  /** Why others could not be looked at. */
  readonly problems: readonly unknown[];
}

/**
 * Finds the keepaliveds of a network namespace. There may be others on the machine, such as those that Neutron runs for
 * its routers, and processes of any user that have the name alone.
 *
 * A keepalived runs as root or as the user of this program, handles the signals, and has children or its pid file. So
 * `keepalived -t`, which ignores the signals, is none.
 */
export async function findDaemons(search: Search): Promise<ReadDaemons> {
  const processes = await listProcesses(search.procfs);
  const named = await readTrusted(
    search.procfs,
    processes.filter((process) => isNamedKeepalived(search.procfs, process)),
  );
  const candidates = named.filter(({ handled }) => handled.has(terminate) && handled.has(hangUp));
  const pids = new Set(candidates.map(({ process }) => process.pid));
  // A script that starts keepalived may have its name, and does not handle the signals.
  const parents = candidates.filter(({ process }) => !pids.has(process.parentPid));
  const outcomes = await Promise.allSettled(parents.map((parent) => inspect(search, parent, processes)));
  const daemons = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? (outcome.value ?? []) : []));
  return {
    daemons: daemons.sort((one, other) => one.parent.startTicks - other.parent.startTicks),
    problems: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])),
  };
}

/** A process of a user who is trusted. */
interface Trusted {
  readonly process: Process;
  readonly user: number;
  readonly handled: ReadonlySet<number>;
}

/** Leaves out those of other users: whatever they are called, they are not looked at any further. */
async function readTrusted(procfs: string, processes: readonly Process[]): Promise<Trusted[]> {
  const reading = processes.map(async (process): Promise<Trusted[]> => {
    const status = (await readProcessStatus(procfs, process)) ?? '';
    const user = parseUser(status);
    const isTrusted = user === 0 || (user !== undefined && user === geteuid?.());
    return isTrusted ? [{ process, user, handled: parseSignals(status).handled }] : [];
  });
  return (await Promise.all(reading)).flat();
}

/** By its name or, since `process_name` may give it another one, by its program, which only the privileged see. */
function isNamedKeepalived(procfs: string, process: Process): boolean {
  if (process.name === 'keepalived') return true;
  // An upgrade removes the program of a process that runs.
  return basename(readProgramPath(procfs, process) ?? '').replace(/ \(deleted\)$/, '') === 'keepalived';
}

function readProgramPath(procfs: string, { pid }: Process): string | undefined {
  try {
    return readlinkSync(`${procfs}/${pid}/exe`);
  } catch (error) {
    // EINVAL: no link. ENOENT also of a kernel thread, which has no program.
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'EINVAL')) return undefined;
    throw error;
  }
}

/** Undefined where it is not one, is one of another network namespace, or is just starting or ending. */
async function inspect(
  { procfs, networkNamespace, isKnown }: Search,
  { process: parent, user }: Trusted,
  processes: readonly Process[],
): Promise<Daemon | undefined> {
  if (await isElsewhere(procfs, parent, networkNamespace)) return undefined;
  const commandLine = await readCommandLine(procfs, parent);
  if (!commandLine) return undefined;
  const forked = processes.filter((one) => isForked(procfs, one, parent));
  const children = (await readTrusted(procfs, forked)).filter((one) => one.user === user);
  const isDaemon = isKnown(parent) || (children.length > 0 && !(await isStarting(procfs, parent)));
  if (!isDaemon && !(await hasPidFile(procfs, parent, user, commandLine))) return undefined;
  if (!(await isInNamespace(procfs, parent, networkNamespace))) return undefined;
  const readPid = () => readPidOf('vrrp', procfs, { process: parent, user }, commandLine);
  return { parent, user, ...(await distinguishVrrp(procfs, children, readPid)), commandLine };
}

/** keepalived forks its processes, so that they have the program of their parent. Their names may be others. */
function isForked(procfs: string, process: Process, parent: Process): boolean {
  return process.parentPid === parent.pid && readProgramPath(procfs, process) === readProgramPath(procfs, parent);
}

/** One all of whose children died is known by its pid file. */
async function hasPidFile(procfs: string, process: Process, user: number, commandLine: CommandLine): Promise<boolean> {
  return (await readPidOf('parent', procfs, { process, user }, commandLine)) === process.pid;
}

async function readPidOf(
  which: Parameters<typeof readPidFile>[1],
  procfs: string,
  { process: parent, user }: Pick<Trusted, 'process' | 'user'>,
  commandLine: CommandLine,
): Promise<number | undefined> {
  const root = `${procfs}/${parent.pid}/root`;
  const { text } = await readConfigurationText(root, commandLine.file, user);
  return readPidFile({ root, user, commandLine, instance: findWord(text, 'instance') }, which);
}

/** A moment, in which a process may turn out to be a short one. */
const momentSeconds = 0.3;

async function isStarting(procfs: string, parent: Process): Promise<boolean> {
  const age = await readAgeSeconds(procfs, parent);
  return age >= 0 && age < momentSeconds;
}

async function isInNamespace(procfs: string, { pid }: Process, file: string): Promise<boolean> {
  const [own, its] = await Promise.all([stat(file), readAsKeepalived(`${procfs}/${pid}/ns/net`, (path) => stat(path))]);
  return its?.ino === own.ino && its.dev === own.dev;
}

/** Root of a container is root as well, and chooses what is below its root: of its processes nothing is opened. */
async function isElsewhere(procfs: string, parent: Process, file: string): Promise<boolean> {
  try {
    return !(await isInNamespace(procfs, parent, file));
  } catch {
    // Not shown to this program, which reports it if it turns out to be a keepalived.
    return false;
  }
}

/** Undefined when it is ending: it has no command line then, and may have its namespace a while longer. */
async function readCommandLine(procfs: string, { pid }: Process): Promise<CommandLine | undefined> {
  const words = await unlessEnded(readRegularFile(`${procfs}/${pid}/cmdline`, maxStackBytes));
  return words ? parseCommandLine(words.split('\0')) : undefined;
}

/** Whether its processes are still the same, which is cheaper than to find them among all. */
export function isUnchanged(procfs: string, { parent, vrrp, others }: Daemon): boolean {
  const processes = vrrp ? [parent, vrrp, ...others] : [parent, ...others];
  return processes.every((process) => isSameProcess(process, readProcess(procfs, process.pid)));
}

/** A number for each interrupt of each processor. */
const maxStatBytes = 2 ** 22;

/** When a process started, in Unix seconds. At most one second early: the kernel shows when it booted in whole ones. */
export async function readStartSeconds(procfs: string, { startTicks }: Process): Promise<number> {
  const [, boot] = /^btime (\d+)$/m.exec(await readRegularFile(`${procfs}/stat`, maxStatBytes)) ?? [];
  if (boot === undefined) throw new Error(`Expected ${procfs}/stat to contain the boot time`);
  return Number(boot) + startTicks / ticksPerSecond;
}
