import type { Cluster } from '../lab.ts';
import { startKeepalived, stopKeepalived } from './keepalived.ts';

/** Made by init.sh. */
const moduleRoot = '/run/lab/modules';
const directors = ['director1', 'director2'] as const;

/** While the work is done, the kernel has no IPVS. A service of any node holds the module. */
export function withoutIpvs<Result>(cluster: Cluster, work: () => Promise<Result>): Promise<Result> {
  return withoutServices(cluster, async () => {
    const modules = await listModules(cluster);
    const compute = cluster.node('compute');
    await cluster.see(
      'nothing holds the modules of IPVS, which are removed',
      async () => {
        await compute.run('rmmod', modules);
        return listModules(cluster);
      },
      (left) => left.length === 0,
    );
    try {
      return await work();
    } finally {
      await compute.run('modprobe', ['-d', moduleRoot, '-a', ...modules.toReversed()]);
    }
  });
}

/** The youngest first, which none of the others needs. */
async function listModules({ node }: Cluster): Promise<string[]> {
  const lines = (await node('compute').run('cat', ['/proc/modules'])).split('\n');
  return lines.map((line) => line.split(' ')[0] ?? '').filter((name) => name.startsWith('ip_vs'));
}

/**
 * While the work is done, no node has IPVS services: keepalived takes out its own when it ends. Afterwards it has to
 * become master again.
 */
async function withoutServices<Result>({ node, see }: Cluster, work: () => Promise<Result>): Promise<Result> {
  const shelf = node('shelf');
  const services = await shelf.run('ipvsadm', ['--save', '--numeric']);
  for (const name of directors) await stopKeepalived(node(name));
  await shelf.run('ipvsadm', ['--clear']);
  await see(
    'keepalived has taken out its services',
    () => Promise.all(directors.map((name) => node(name).run('ipvsadm', ['--save', '--numeric']))),
    (left) => left.join('') === '',
  );
  try {
    return await work();
  } finally {
    await shelf.run('ipvsadm', ['--restore'], services);
    for (const name of directors) startKeepalived(node(name));
  }
}
