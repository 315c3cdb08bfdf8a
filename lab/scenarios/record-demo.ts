import { setTimeout as sleep } from 'node:timers/promises';
import { type } from '../cluster/diagnosis.ts';
import { demoFolder } from '../cluster/folders.ts';
import { sendRequests } from '../cluster/load.ts';
import { recordNodes, seeRecording } from '../cluster/recorder.ts';
import { withTableSize } from '../cluster/table-size.ts';
import { seeHolder } from '../cluster/vip-holder.ts';
import { addOtherVirtualMachines, withVirtualMachine } from '../cluster/virtual-machine.ts';
import type { Cluster } from '../lab.ts';
import { countEntries, countStates } from '../referees/conntrack.ts';
import type { Scenario } from '../scenario.ts';

const recorded = ['compute', 'director1', 'director2'];
const options = ['--interval=5s', '--duration=2m30s', '--collector.openstack', '--collector.ipvs-connections'];

/** Would settle at 1.2 times the limit: full after 100 s. See lab/README.md on the buckets. */
const size = { limit: 3000, buckets: 1024 };
const perSecond = 30;
const tenantPerSecond = 3;

/** Seconds of the story. */
const moveAt = 15;
const remedyAt = 90;
const failoverAt = 115;
const endAt = 150;

export const recordDemo: Scenario<Cluster> = {
  name: 'record-demo',
  shows: 'the move of a director, the remedy and a failover, as the record command saves it for the demo',
  run: async (cluster) => {
    const compute = cluster.node('compute');
    await addOtherVirtualMachines(cluster);
    await withVirtualMachine(cluster, () => withTableSize(compute, size, () => recordStory(cluster)));
  },
};

async function recordStory(cluster: Cluster): Promise<void> {
  await cluster.node('compute').run('conntrack', ['--flush']);
  const recordings = recordNodes(cluster, recorded, demoFolder, options);
  await Promise.all([recordings, seeRecording(cluster, recorded, demoFolder).then(() => live(cluster))]);
}

/** The time itself is what is waited for: everything happens at its second. */
async function live(cluster: Cluster): Promise<void> {
  const { node, vip, shelf, see } = cluster;
  const client = node('client');
  const second = createStopwatch();
  const tenant = sendRequests(client, `http://${node('tenant').address}/`, [
    { perSecond: tenantPerSecond, seconds: endAt },
  ]);
  await sendRequests(client, `http://${shelf.vip}/`, [{ perSecond, seconds: moveAt }]);
  const load = sendRequests(client, `http://${vip}/`, [{ perSecond, seconds: endAt - moveAt }]);
  await second(remedyAt);
  await applyRemedy(cluster);
  await second(failoverAt);
  await node('director1').run('touch', ['/tmp/unfit']);
  await seeHolder(cluster, 'director2');
  await see(
    'hardly a request failed, before and after the failover',
    async () => ({ vip: await load, tenant: await tenant }),
    ({ vip: { finished, failed }, tenant: other }) => failed < finished / 20 && other.failed === 0,
  );
}

async function applyRemedy({ node, vip, see }: Cluster): Promise<void> {
  const compute = node('compute');
  await see(
    'the table fills',
    () => countEntries(compute),
    (entries) => entries > size.limit / 2 && entries < size.limit,
  );
  const track = ['-j', 'CT', '--notrack'].join(' ');
  await type(compute, [
    `iptables -t raw -I PREROUTING 1 -d ${vip}/32 -p tcp --dport 80 ${track}`,
    `iptables -t raw -I PREROUTING 1 -s ${vip}/32 -p tcp --sport 80 ${track}`,
    `for try in 1 2 3 4 5; do conntrack -D -d ${vip} -p tcp --dport 80 >/dev/null && break; done`,
  ]);
  await see(
    'no entry for the VIP is left',
    () => countStates(compute, vip, 80),
    (states) => Object.keys(states).length === 0,
  );
}

function createStopwatch(): (second: number) => Promise<void> {
  const startedMs = performance.now();
  return (second) => sleep(startedMs + second * 1000 - performance.now());
}
