import type { Remedy } from '../../src/diagnosis/remedy.ts';
import { diagnoseNode, findRemedy, type } from '../cluster/diagnosis.ts';
import type { Lab } from '../lab.ts';

const setting = 'net.ipv4.vs.run_estimation';
const ofServices = /^ipvs_(virtual|real)_server_connections_total$/;

/** While datagrams come: the CPUs go on counting, what the kernel no longer adds up is left out, and `diagnose` reports it. */
export async function seeFrozenCounters(lab: Lab): Promise<void> {
  const shelf = lab.node('shelf');
  await shelf.run('sysctl', ['-qw', `${setting}=0`]);
  const first = await readPackets(lab);
  await lab.see(
    `with ${setting}=0 the total rises and ip_vs_stats does not`,
    async () => {
      const { services, total, file } = await readPackets(lab);
      return { services, total: total - first.total, file: file - first.file };
    },
    ({ services, total, file }) => services === 0 && total > 0 && file === 0,
  );
  let remedy: Remedy | undefined;
  await lab.see(
    'diagnose has the finding, and a remedy',
    async () => {
      remedy = findRemedy(await diagnoseNode(shelf, '--duration=2s'), ['ipvs-counters-frozen'], 'count-again');
      return remedy?.commands;
    },
    (commands) => commands !== undefined,
  );
  await type(shelf, remedy?.commands ?? []);
  await lab.see(
    'then the counters of services are there again',
    async () => (await readPackets(lab)).services,
    (services) => services > 0,
  );
}

async function readPackets({ exporter, node }: Lab) {
  const series = await exporter('shelf').metrics();
  const [, , counts = ''] = (await node('shelf').run('cat', ['/proc/net/ip_vs_stats'])).split('\n');
  return {
    services: series.filter(({ name }) => ofServices.test(name)).length,
    total: series.find(({ name }) => name === 'ipvs_incoming_packets_total')?.value ?? Number.NaN,
    file: Number.parseInt(counts.trim().split(/\s+/)[1] ?? '', 16),
  };
}
