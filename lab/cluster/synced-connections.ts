import { output } from './folders.ts';
import type { Node } from './node.ts';

export interface SyncDaemon {
  readonly role: 'master' | 'backup';
  readonly interface: string;
  /** Only daemons of the same number hear each other; a backup with 0 hears all. */
  readonly syncId: number;
}

/** During the work, a director sends its connections to others (master), or takes over those of others (backup). */
export async function withSyncDaemon<Result>(
  director: Node,
  { role, interface: device, syncId }: SyncDaemon,
  work: () => Promise<Result>,
): Promise<Result> {
  const words = ['--mcast-interface', device, '--syncid', String(syncId)];
  await director.run('ipvsadm', ['--start-daemon', role, ...words]);
  try {
    return await work();
  } finally {
    await director.run('ipvsadm', ['--stop-daemon', role]);
  }
}

/** Sends backups connections with this lifetime. */
export async function syncConnections(from: Node, count: number, lifetimeSeconds: number): Promise<void> {
  const words = [from.address, count, lifetimeSeconds].map(String);
  await from.run(process.execPath, [`${output}/sync-sender.mjs`, ...words]);
}
