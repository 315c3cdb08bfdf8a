import { readFile, stat } from 'node:fs/promises';
import { ifPresent } from '../read.ts';
import {
  explainDenial,
  isSameProcess,
  listProcesses,
  type Process,
  parseSignals,
  readProcess,
  unlessEnded,
} from './process.ts';

/** keepalived as it runs. */
export interface Daemon {
  /** Takes the signals and hands them on. */
  readonly parent: Process;
  /** Its child that speaks VRRP and writes the dumps. A director with checkers alone has none. */
  readonly vrrp: Process | undefined;
  /** As the binary says. */
  readonly version: string | undefined;
}

/**
 * Finds the keepalived of a network namespace. There may be others on the machine, such as those that Neutron runs for
 * its routers; they write to the same files. `networkNamespace` is a file that stands for it: /proc/self/ns/net.
 */
export async function findDaemon(procfs: string, networkNamespace: string): Promise<Daemon | undefined> {
  const processes = await listProcesses(procfs);
  const named = processes.filter(({ name }) => name === 'keepalived');
  const parents = named.filter(({ parentPid }) => !named.some(({ pid }) => pid === parentPid));
  const own = await Promise.all(parents.map((parent) => isInNamespace(procfs, parent, networkNamespace)));
  const [parent, ...others] = parents.filter((_, index) => own[index]);
  if (!parent) return undefined;
  if (others.length > 0) {
    const pids = [parent, ...others].map(({ pid }) => pid);
    throw new Error(`Expected one keepalived in this network namespace, got processes ${pids.join(', ')}`);
  }
  const children = processes.filter(({ parentPid }) => parentPid === parent.pid);
  return { parent, vrrp: await findVrrp(procfs, children), version: await readVersion(procfs, parent) };
}

/** Whether both of its processes are still the same: cheaper than to find them among all. */
export async function isAlive(procfs: string, { parent, vrrp }: Daemon): Promise<boolean> {
  const [its, childs] = await Promise.all([readProcess(procfs, parent.pid), vrrp && readProcess(procfs, vrrp.pid)]);
  return isSameProcess(parent, its) && vrrp !== undefined && isSameProcess(vrrp, childs);
}

async function isInNamespace(procfs: string, { pid }: Process, file: string): Promise<boolean> {
  const [own, its] = await Promise.all([stat(file), readAsKeepalived(`${procfs}/${pid}/ns/net`, (path) => stat(path))]);
  return its?.ino === own.ino && its.dev === own.dev;
}

/** Of keepalived's children only the VRRP process handles SIGUSR2. Their names and their order differ. */
async function findVrrp(procfs: string, children: readonly Process[]): Promise<Process | undefined> {
  for (const child of children) {
    const status = await unlessEnded(readFile(`${procfs}/${child.pid}/status`, 'utf8'));
    if (status !== undefined && parseSignals(status).handled.has(12)) return child;
  }
  return undefined;
}

/** When a process started, in Unix seconds. At most one second early: the kernel tells when it booted in whole ones. */
export async function readStartSeconds(procfs: string, { startTicks }: Process): Promise<number> {
  const [, boot] = /^btime (\d+)$/m.exec(await readFile(`${procfs}/stat`, 'utf8')) ?? [];
  if (boot === undefined) throw new Error(`Expected ${procfs}/stat to tell the boot time`);
  // USER_HZ is 100 on all that keepalived is packaged for.
  return Number(boot) + startTicks / 100;
}

/** The version that the binary names. The dumps do not tell it. */
async function readVersion(procfs: string, { pid }: Process): Promise<string | undefined> {
  const binary = await readAsKeepalived(`${procfs}/${pid}/exe`, (path) => readFile(path));
  const start = binary?.indexOf('Keepalived v') ?? -1;
  if (!binary || start < 0) return undefined;
  return /^Keepalived v(\d[\w.+-]*)/.exec(binary.toString('latin1', start, start + 64))?.[1];
}

/**
 * The directory keepalived writes to, as this process sees it: through /proc/[pid]/root, for keepalived may have a
 * mount namespace (PrivateTmp, a container). keepalived obeys TMPDIR from 2.2.5 on.
 */
export async function locateDumps(procfs: string, { pid }: Process): Promise<string> {
  const root = `${procfs}/${pid}/root`;
  const environment = await readAsKeepalived(`${procfs}/${pid}/environ`, (path) => readFile(path, 'utf8'));
  const [, directory] = /(?:^|\0)TMPDIR=(\/[^\0]*)/.exec(environment ?? '') ?? [];
  if (directory === undefined) return `${root}/tmp`;
  const found = await readAsKeepalived(`${root}${directory}`, (path) => ifPresent(stat(path)));
  return found?.isDirectory() ? `${root}${directory}` : `${root}/tmp`;
}

/** Reads what only keepalived itself and the privileged may; undefined when the process has ended. */
async function readAsKeepalived<T>(path: string, read: (path: string) => Promise<T>): Promise<T | undefined> {
  return unlessEnded(explainDenial(read(path), `Cannot read ${path}`, 'CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH'));
}
