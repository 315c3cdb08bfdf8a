import type { Daemon } from './process/daemon.ts';

export interface DaemonName {
  /** What it was started with, which lasts longer than its processes. */
  readonly lasting: string;
  /** Distinguishes it from all others that run. */
  readonly unique: string;
}

/**
 * Names one of the keepaliveds that run in a network namespace: by the file of its configuration and, where there is
 * one, its id. Those in containers may have the same, and are distinguished by their processes.
 */
export function nameDaemon(daemon: Daemon, all: readonly Daemon[]): DaemonName {
  const lasting = formatConfiguration(daemon);
  const isUnique = all.filter((one) => formatConfiguration(one) === lasting).length === 1;
  return { lasting, unique: isUnique ? lasting : `${lasting} ${daemon.parent.pid}` };
}

function formatConfiguration({ commandLine: { file, id } }: Daemon): string {
  return id === '' ? file : `${file} ${id}`;
}
