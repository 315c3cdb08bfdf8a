import type { Node } from './node.ts';

/** While the work is done, a director also serves this TCP port, from real servers that answer past it. */
export async function withVirtualServer<Result>(
  director: Node,
  { address, port }: { address: string; port: number },
  realServers: readonly Node[],
  work: () => Promise<Result>,
): Promise<Result> {
  const service = ['-t', `${address}:${port}`];
  await director.run('ipvsadm', ['-A', ...service, '-s', 'rr']);
  try {
    for (const server of realServers) await director.run('ipvsadm', ['-a', ...service, '-r', server.address, '-g']);
    return await work();
  } finally {
    await director.run('ipvsadm', ['-D', ...service]);
  }
}
