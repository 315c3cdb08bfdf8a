import { connectToServices } from '../cluster/connections.ts';
import { recordingFolder } from '../cluster/folders.ts';
import { sendRequests } from '../cluster/load.ts';
import { recordNodes, seeRecording } from '../cluster/recorder.ts';
import { type Cluster, observed } from '../lab.ts';
import { countEntries, sumCounter } from '../referees/conntrack.ts';
import type { Scenario } from '../scenario.ts';

/** From an idle cluster to more entries than the table holds: each lives for 120 s, longer than all of this. */
const directReturn = [
  { perSecond: 5, seconds: 10 },
  { perSecond: 20, seconds: 20 },
  { perSecond: 50, seconds: 30 },
  { perSecond: 80, seconds: 50 },
];
const twoWay = [{ perSecond: 5, seconds: 110 }];
/** As many as leave the one processor time to read the table every 5 s. */
const tableSize = ['net.netfilter.nf_conntrack_buckets=4096', 'net.netfilter.nf_conntrack_max=4096'];

const options = ['--interval=5s', '--duration=2m', '--collector.ipvs-connections'];

export const record: Scenario<Cluster> = {
  name: 'record',
  shows: "a build-up until compute's table is full, as the exporter's record command saves it",
  run: async (cluster) => {
    await connectToServices(cluster);
    await cluster.node('compute').run('sysctl', ['-qw', ...tableSize]);
    const recordings = recordNodes(cluster, observed, recordingFolder, options);
    await Promise.all([recordings, seeRecording(cluster, observed, recordingFolder).then(() => buildUp(cluster))]);
  },
};

async function buildUp({ node, vip, see }: Cluster): Promise<void> {
  const [client, compute] = [node('client'), node('compute')];
  const [{ finished, failed }] = await Promise.all([
    sendRequests(client, `http://${vip}/`, directReturn),
    sendRequests(client, `http://${node('tenant').address}/`, twoWay),
  ]);
  await see(
    "compute's table was full and dropped nothing",
    async () => ({
      ...{ finished, failed, entries: await countEntries(compute) },
      ...{ early_drop: await sumCounter(compute, 'early_drop'), drop: await sumCounter(compute, 'drop') },
    }),
    ({ early_drop, drop }) => early_drop > 0 && drop === 0,
  );
}
