import { scanIntervalSeconds } from '../../src/identity/scan-interval.ts';
import type { TablePlan } from '../../src/plan/plan.ts';
import { repository } from '../cluster/folders.ts';
import { sendRequests } from '../cluster/load.ts';
import type { Node } from '../cluster/node.ts';
import { queryOne } from '../cluster/queries.ts';
import type { Lab } from '../lab.ts';
import { countEntries, countStates } from '../referees/conntrack.ts';
import type { Scenario } from '../scenario.ts';

/** Short, so that the table settles soon. */
const synSentSeconds = 30;
const load = [{ perSecond: 25, seconds: 180 }];
const tolerance = 0.15;

export const plan: Scenario = {
  name: 'plan',
  shows: 'from the counters of a director, plan reports how many entries its host has',
  run: async (lab) => {
    const compute = lab.node('compute');
    const setting = 'net.netfilter.nf_conntrack_tcp_timeout_syn_sent';
    const before = (await compute.run('sysctl', ['-n', setting])).trim();
    await compute.run('conntrack', ['--flush']);
    await compute.run('sysctl', ['-qw', `${setting}=${synSentSeconds}`]);
    await seePlanned(lab, compute);
    await compute.run('sysctl', ['-qw', `${setting}=${before}`]);
    await compute.run('conntrack', ['--flush']);
  },
};

async function seePlanned(lab: Lab, compute: Node): Promise<void> {
  const { node, vip, see } = lab;
  const loaded = sendRequests(node('client'), `http://${vip}/`, load);
  await see(
    'the live entries of the VIP by conntrack -L, and the maximum in Prometheus, are what plan reports on director1',
    async () => {
      const planned = await planOn(node('director1'));
      const { live, others } = await countLive(lab, compute);
      const most =
        (await queryOne(lab.prometheus, 'max_over_time(conntrack_entries{instance="compute"}[30s])')) - others;
      return { live, plannedLive: Math.round(planned.liveEntries), most, plannedMost: Math.round(planned.maxEntries) };
    },
    ({ live, plannedLive, most, plannedMost }) => isNear(live, plannedLive) && isNear(most, plannedMost),
    { withinSeconds: 160 },
  );
  await loaded;
}

async function planOn(director: Node): Promise<TablePlan> {
  // The exporter's own scans remove what has expired before the garbage collector does.
  const timers = [`--timeout.syn-sent=${synSentSeconds}s`, `--lag=${scanIntervalSeconds}s`];
  const command = [`${repository}/dist/main.js`, 'plan', '--json', '--duration=8s', ...timers];
  return JSON.parse(await director.run(process.execPath, command));
}

/** Reading the table leaves no expired entry in it. */
async function countLive({ vip }: Lab, compute: Node): Promise<{ live: number; others: number }> {
  const states = Object.values(await countStates(compute, vip, 80));
  const live = states.reduce((sum, entries) => sum + entries, 0);
  return { live, others: (await countEntries(compute)) - live };
}

function isNear(actual: number, planned: number): boolean {
  return planned > 0 && Math.abs(actual - planned) <= tolerance * planned;
}
