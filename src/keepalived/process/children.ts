import { type KeepalivedProcess, type ProcessKind, processKinds } from '../../host/host.ts';
import { type ConfigurationText, findDemandedProcesses, findWord } from './configuration-files.ts';
import { type Daemon, readStartSeconds } from './daemon.ts';
import { readPidFile } from './pid-file.ts';
import { type Process, readAgeSeconds } from './process.ts';

export type Children = ReadonlyMap<ProcessKind, Process>;

/**
 * Distinguishes the children of a keepalived. The checker and BFD handle the same signals: they are known by their pid
 * files, by their names, or by what the configuration demands. One that is not known is left out.
 */
export async function identifyChildren(
  procfs: string,
  daemon: Daemon,
  configuration: ConfigurationText,
): Promise<Children> {
  const { parent, vrrp, others, user, commandLine } = daemon;
  const children = new Map<ProcessKind, Process>(vrrp ? [['vrrp', vrrp]] : []);
  if (others.length === 0) return children;
  const files = {
    root: `${procfs}/${parent.pid}/root`,
    user,
    commandLine,
    instance: findWord(configuration.text, 'instance'),
  };
  const pids = await Promise.all(otherKinds.map((kind) => readPidFile(files, kind)));
  for (const other of others) {
    const kind = otherKinds.find((_, index) => pids[index] === other.pid) ?? guessKind(other, configuration);
    if (kind !== undefined && !children.has(kind)) children.set(kind, other);
  }
  return children;
}

const otherKinds = ['checker', 'bfd'] as const;

/** Until keepalived 2.0 a checker runs whatever the configuration demands. */
function guessKind({ name }: Process, configuration: ConfigurationText): ProcessKind | undefined {
  if (/ch(ec)?k/.test(name)) return 'checker';
  if (name.includes('bfd')) return 'bfd';
  const demanded = findDemandedProcesses(configuration);
  if (!configuration.isComplete || (demanded.has('checker') && demanded.has('bfd'))) return undefined;
  return demanded.has('bfd') ? 'bfd' : 'checker';
}

/** A process that ran. */
interface Remembered {
  readonly process: Process;
  readonly restarts: number;
  /** The configuration with which it was last seen. */
  readonly writing: string;
}

/** What is seen of the children of one keepalived, for as long as its parent process runs. */
export interface ChildHistory {
  /** Takes what runs now. */
  note(children: Children, configuration: ConfigurationText): void;
  /** Takes that a process ran before this program looked. */
  noteEarlier(kind: ProcessKind): void;
  /** Those that run, and those that should. */
  list(procfs: string, daemon: Daemon): Promise<KeepalivedProcess[]>;
}

export function createChildHistory(): ChildHistory {
  const remembered = new Map<ProcessKind, Remembered>();
  const earlier = new Set<ProcessKind>();
  let running: Children = new Map();
  let configuration: ConfigurationText | undefined;

  /** One that ran is missed unless the configuration was changed so that it does not demand it. */
  async function isMissed(procfs: string, { parent, commandLine }: Daemon, kind: ProcessKind): Promise<boolean> {
    if (!configuration || !commandLine.kinds.has(kind)) return false;
    const isDemanded = findDemandedProcesses(configuration).has(kind);
    const before = remembered.get(kind);
    if (before) return isDemanded || !configuration.isComplete || before.writing === configuration.writing;
    if (earlier.has(kind) && (isDemanded || !configuration.isComplete)) return true;
    return isDemanded && (await isSettled(procfs, parent, configuration));
  }

  return {
    note(children, text) {
      running = children;
      configuration = text;
      for (const [kind, process] of children) {
        const before = remembered.get(kind);
        // A process may change its name.
        const isOther =
          before && (before.process.pid !== process.pid || before.process.startTicks !== process.startTicks);
        const restarts = (before?.restarts ?? 0) + (isOther ? 1 : 0);
        remembered.set(kind, { process, restarts, writing: text.writing });
      }
    },
    noteEarlier: (kind) => earlier.add(kind),
    async list(procfs, daemon) {
      const listed = processKinds.map(async (kind): Promise<KeepalivedProcess[]> => {
        const restarts = remembered.get(kind)?.restarts ?? 0;
        const process = running.get(kind);
        if (process) return [{ process: kind, startSeconds: await readStartSeconds(procfs, process), restarts }];
        return (await isMissed(procfs, daemon, kind)) ? [{ process: kind, restarts }] : [];
      });
      return (await Promise.all(listed)).flat();
    },
  };
}

/** Within this time a keepalived starts its processes. */
const startSeconds = 5;

/** Whether a keepalived has had the time to start what its configuration demands, and reads no later one. */
async function isSettled(procfs: string, parent: Process, { changedSeconds }: ConfigurationText): Promise<boolean> {
  const age = await readAgeSeconds(procfs, parent);
  // The start may be a second early.
  return (age < 0 || age > startSeconds) && changedSeconds <= (await readStartSeconds(procfs, parent)) + 1;
}
