import type { Node } from './node.ts';

export interface TableSize {
  readonly limit: number;
  readonly buckets: number;
}

/** Gives connection tracking another size while the work is done. Only compute's is writable. */
export async function withTableSize<Result>(
  compute: Node,
  size: TableSize,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = await readTableSize(compute);
  await setTableSize(compute, size);
  try {
    return await work();
  } finally {
    await setTableSize(compute, before);
  }
}

async function readTableSize(compute: Node): Promise<TableSize> {
  const names = ['net.netfilter.nf_conntrack_max', 'net.netfilter.nf_conntrack_buckets'];
  const [limit = 0, buckets = 0] = (await compute.run('sysctl', ['-n', ...names])).split('\n').map(Number);
  return { limit, buckets };
}

async function setTableSize(compute: Node, { limit, buckets }: TableSize): Promise<void> {
  const settings = [`net.netfilter.nf_conntrack_buckets=${buckets}`, `net.netfilter.nf_conntrack_max=${limit}`];
  await compute.run('sysctl', ['-qw', ...settings]);
}
