import { sendRequests } from './cluster/load.ts';
import { seeHolder } from './cluster/vip-holder.ts';
import { type Cluster, type Lab, observed } from './lab.ts';

/** Waits for the service to be there, so that a scenario can start from a cluster in order. */
export async function seeClusterReady(cluster: Cluster): Promise<void> {
  const { node, vip, see } = cluster;
  await seeHolder(cluster, 'director1');
  await see(
    'requests to the VIP are answered by both real servers',
    () => sendRequests(node('client'), `http://${vip}/`, [{ perSecond: 20, seconds: 1 }]),
    ({ failed, answers }) => failed === 0 && Object.keys(answers).sort().join() === 'rs1,rs2',
  );
}

export async function seeMonitoringReady({ prometheus, see }: Lab): Promise<void> {
  await see(
    'Prometheus scrapes every exporter',
    async () => (await prometheus.query('up == 1')).map(({ labels }) => labels.instance).sort(),
    (instances) => instances.join() === [...observed].sort().join(),
    { withinSeconds: 60 },
  );
}
