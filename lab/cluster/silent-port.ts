import type { Node } from './node.ts';

/** While the work is done, nodes take no notice of a TCP port: they do not even refuse connections. */
export async function withSilentPort<Result>(
  nodes: readonly Node[],
  port: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const rule = ['INPUT', '-p', 'tcp', '--dport', String(port), '-j', 'DROP'];
  for (const node of nodes) await node.run('iptables-legacy', ['-A', ...rule]);
  try {
    return await work();
  } finally {
    for (const node of nodes) await node.run('iptables-legacy', ['-D', ...rule]);
  }
}
