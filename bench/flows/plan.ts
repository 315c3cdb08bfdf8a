import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { kernelTimers, type Load } from '../../src/plan/load.ts';
import { planTable, type TablePlan } from '../../src/plan/plan.ts';
import { withLaboratory } from './namespace.ts';

interface Scenario {
  readonly perSecond: number;
  readonly synSentSeconds: number;
}

/** Each is watched for at least three passes of the garbage collector. */
const scenarios: readonly Scenario[] = [
  { perSecond: 50, synSentSeconds: 120 },
  { perSecond: 200, synSentSeconds: 30 },
];
const watchSeconds = 200;

interface Seen {
  readonly least: number;
  readonly most: number;
}

/** The plan for one-way connections, beside what nf_conntrack_count does between two passes of the garbage collector. */
export async function comparePlans(print: (line: string) => void): Promise<void> {
  const seen = await Promise.all(scenarios.map(watch));
  scenarios.forEach((scenario, index) => {
    const { liveEntries, maxEntries } = planOf(scenario);
    const { least, most } = seen[index] ?? { least: 0, most: 0 };
    print(`\n${scenario.perSecond}/s, timeout ${scenario.synSentSeconds} s: planned ${liveEntries} to ${maxEntries}`);
    print(
      `counted ${least} to ${most}: ${(least / liveEntries).toFixed(2)} and ${(most / maxEntries).toFixed(2)} of it`,
    );
  });
}

function planOf({ perSecond, synSentSeconds }: Scenario): TablePlan {
  const load: Load = { protocol: 'tcp', seen: 'half', perSecond, durationSeconds: 0 };
  return planTable([load], { ...kernelTimers, synSent: synSentSeconds }, undefined);
}

/** Nothing reads the table meanwhile: that would remove what has expired. */
async function watch({ perSecond, synSentSeconds }: Scenario, index: number): Promise<Seen> {
  const settleSeconds = synSentSeconds + kernelTimers.lag;
  const counts: number[] = [];
  await withLaboratory(`plan-${index}`, async ({ namespace, set, send }) => {
    set('nf_conntrack_tcp_timeout_syn_sent', synSentSeconds);
    send('syn', [[settleSeconds + watchSeconds + 10, perSecond, perSecond]]);
    await sleep(settleSeconds * 1000);
    for (let second = 0; second < watchSeconds; second++) {
      counts.push(countEntries(basename(namespace)));
      await sleep(1000);
    }
  });
  return { least: Math.min(...counts), most: Math.max(...counts) };
}

function countEntries(namespace: string): number {
  const file = '/proc/sys/net/netfilter/nf_conntrack_count';
  return Number(execFileSync('ip', ['netns', 'exec', namespace, 'cat', file], { encoding: 'utf8' }));
}
