import { type Census, createCensus } from '../../src/flows/census/census.ts';
import { createFlowSampler, type FlowSample, nextHashesBelow } from '../../src/flows/forecast/turnover/flow-sampler.ts';
import { noPolicies, type PolicyTimeouts, type Timeouts } from '../../src/flows/timeouts.ts';
import type { Flow } from '../../src/identity/flow.ts';
import { dumpFlows, readCpuStatistics, readTableSize } from '../../src/netlink/conntrack/ctnetlink.ts';

/** Reads a table of a network namespace as the exporter does. */
export interface TimedScan {
  readonly census: Census;
  /** nf_conntrack_count before the reading. */
  readonly count: number;
  readonly milliseconds: number;
  /** Flows to look for in the next reading. */
  readonly sample: FlowSample;
}

export interface ScanOptions {
  readonly limit?: number;
  /** Walk the whole table first: IPv6 flows alone are asked for, and there is none. */
  readonly walk?: boolean;
  /** Of the reading before. */
  readonly sampled?: FlowSample | undefined;
  readonly policies?: PolicyTimeouts;
}

export async function scan(
  namespace: string,
  timeouts: Timeouts,
  { limit, walk = false, sampled, policies = noPolicies }: ScanOptions = {},
): Promise<TimedScan> {
  const { entries: count } = await readTableSize({ namespace });
  const begin = performance.now();
  if (walk) await dumpFlows(() => {}, { namespace, family: 6 });
  const live = walk ? { liveCount: (await readTableSize({ namespace })).entries } : {};
  const taker = createCensus({ timeouts, policies, seed: 1 });
  const sampler = createFlowSampler(1, sampled && nextHashesBelow(sampled));
  const visit = (flow: Flow) => {
    taker.add(flow);
    sampler.add(flow);
  };
  const { complete } = await dumpFlows(visit, { namespace, limit });
  const census = taker.finish({ count, complete, ...live }, 10);
  return { census, count, milliseconds: performance.now() - begin, sample: sampler.finish() };
}

/** The sum of a counter over all CPUs. */
export async function readCounter(namespace: string, name: string): Promise<number> {
  const cpus = await readCpuStatistics({ namespace });
  return cpus.reduce((total, { counters }) => total + (counters.get(name) ?? 0), 0);
}
