import { readlinkSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { hasCode } from '../host/errors.ts';
import {
  isSameProcess,
  listProcesses,
  type Process,
  readAsKeepalived,
  readProcess,
  readSignals,
  unlessEnded,
} from './process.ts';
import { usr1, usr2 } from './signals.ts';

/** keepalived as it runs. */
export interface Daemon {
  /** Takes the signals and hands them on. */
  readonly parent: Process;
  /** Its child that speaks VRRP and writes keepalived.json, .data and .stats. A director with checkers alone has none. */
  readonly vrrp: Process | undefined;
  /** Its other children that write a dump: the checker, keepalived_check.data, and BFD. They cannot be told apart. */
  readonly others: readonly Process[];
  /** What it was started with: the file and, where one was given, the configuration id. */
  readonly configuration: Configuration;
}

export interface Configuration {
  readonly file: string;
  readonly id: string;
}

/**
 * Finds the keepaliveds of a network namespace, by the start of their parent processes. There may be others on the
 * machine, such as those that Neutron runs for its routers. `networkNamespace` is a file that stands for the namespace:
 * /proc/self/ns/net.
 */
export async function findDaemons(procfs: string, networkNamespace: string): Promise<Daemon[]> {
  const processes = await listProcesses(procfs);
  const parents = selectParents(procfs, processes);
  const own = await Promise.all(parents.map((parent) => isInNamespace(procfs, parent, networkNamespace)));
  const daemons = parents.filter((_, index) => own[index]).map((parent) => readDaemon(procfs, parent, processes));
  const living = (await Promise.all(daemons)).filter((daemon) => daemon !== undefined);
  return living.sort((one, other) => one.parent.startTicks - other.parent.startTicks);
}

/** keepalived's processes that are no child of another one. */
function selectParents(procfs: string, processes: readonly Process[]): Process[] {
  const keepaliveds = processes.filter((process) => isKeepalived(procfs, process));
  const pids = new Set(keepaliveds.map(({ pid }) => pid));
  return keepaliveds.filter(({ parentPid }) => !pids.has(parentPid));
}

/** By its name or, since `process_name` may give it another one, by its program, which only the privileged see. */
function isKeepalived(procfs: string, { pid, name }: Process): boolean {
  if (name === 'keepalived') return true;
  try {
    // An upgrade removes the program of a process that runs.
    return basename(readlinkSync(`${procfs}/${pid}/exe`)).replace(/ \(deleted\)$/, '') === 'keepalived';
  } catch (error) {
    // EINVAL: no link. ENOENT also of a kernel thread, which has no program.
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'EINVAL')) return false;
    throw error;
  }
}

/**
 * Whether its processes are still the same, which is cheaper than to find them among all. Without a VRRP process it may
 * just be about to have one.
 */
export function isUnchanged(procfs: string, { parent, vrrp, others }: Daemon): boolean {
  if (!vrrp) return false;
  return [parent, vrrp, ...others].every((process) => isSameProcess(process, readProcess(procfs, process.pid)));
}

async function isInNamespace(procfs: string, { pid }: Process, file: string): Promise<boolean> {
  const [own, its] = await Promise.all([stat(file), readAsKeepalived(`${procfs}/${pid}/ns/net`, (path) => stat(path))]);
  return its?.ino === own.ino && its.dev === own.dev;
}

/** Undefined when it is ending: it has no command line then, and may have its namespace a while longer. */
async function readDaemon(procfs: string, parent: Process, processes: readonly Process[]): Promise<Daemon | undefined> {
  const children = processes.filter(({ parentPid }) => parentPid === parent.pid);
  const signals = await Promise.all(children.map((child) => readSignals(procfs, child)));
  const handles = (index: number, signal: number) => signals[index]?.handled.has(signal) === true;
  // Their names and their order differ.
  const vrrp = children.find((_, index) => handles(index, usr2));
  const words = await unlessEnded(readFile(`${procfs}/${parent.pid}/cmdline`, 'utf8'));
  if (!words) return undefined;
  return {
    parent,
    vrrp,
    others: children.filter((_, index) => handles(index, usr1) && !handles(index, usr2)),
    configuration: describeConfiguration(words.split('\0')),
  };
}

/** When a process started, in Unix seconds. At most one second early: the kernel tells when it booted in whole ones. */
export async function readStartSeconds(procfs: string, { startTicks }: Process): Promise<number> {
  const [, boot] = /^btime (\d+)$/m.exec(await readFile(`${procfs}/stat`, 'utf8')) ?? [];
  if (boot === undefined) throw new Error(`Expected ${procfs}/stat to tell the boot time`);
  // USER_HZ is 100 on all that keepalived is packaged for.
  return Number(boot) + startTicks / 100;
}

/** Options of keepalived that take a value, of which -f and -i are of interest here. */
const withValue = 'fSprcbAsiugMt';

/** Reads which configuration a keepalived was started with. Source: parse_cmdline() in keepalived/core/main.c. */
function describeConfiguration(words: readonly string[]): Configuration {
  return {
    file: findValue(words, 'f', 'use-file') ?? '/etc/keepalived/keepalived.conf',
    id: findValue(words, 'i', 'config-id') ?? '',
  };
}

/** The value of an option: `-f FILE`, `-nf FILE`, `-fFILE`, `--use-file FILE`, `--use-file=FILE`. */
function findValue(words: readonly string[], letter: string, name: string): string | undefined {
  const pattern = new RegExp(`^(?:-[^-${withValue}]*${letter}|--${name}=?)(.*)$`);
  for (const [index, word] of words.entries()) {
    const [, value] = pattern.exec(word) ?? [];
    if (value !== undefined) return value === '' ? words[index + 1] : value;
  }
  return undefined;
}
