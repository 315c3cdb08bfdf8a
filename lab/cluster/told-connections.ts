import { output } from './folders.ts';
import type { Node } from './node.ts';

/** While the work is done, a director takes over the connections that others tell it of. */
export async function withBackupDaemon<Result>(director: Node, work: () => Promise<Result>): Promise<Result> {
  await director.run('ipvsadm', ['--start-daemon', 'backup', '--mcast-interface', 'eth0']);
  try {
    return await work();
  } finally {
    await director.run('ipvsadm', ['--stop-daemon', 'backup']);
  }
}

/** Tells them of connections that last for so long. */
export async function tellConnections(from: Node, count: number, lifetimeSeconds: number): Promise<void> {
  const words = [from.address, count, lifetimeSeconds].map(String);
  await from.run(process.execPath, [`${output}/sync-sender.mjs`, ...words]);
}
