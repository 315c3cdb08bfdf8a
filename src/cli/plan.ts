import { ipvsVirtualServerRealServers } from '../collectors/ipvs/metrics.ts';
import { type DirectorDemand, directorDemand } from '../plan/director-demand.ts';
import type { Timers } from '../plan/load.ts';
import { planTable } from '../plan/plan.ts';
import { renderPlan } from '../plan/plan-text.ts';
import { tableDemand } from '../plan/table-demand.ts';
import type { Collector } from '../scrape/collector.ts';
import type { Observation } from './observe.ts';
import type { PlanConfig } from './options/config.ts';

type Observe = (collectors: readonly Collector[]) => Promise<Observation>;

/** How large a table must be, for the loads that are given or for those of the machine that is observed. */
export async function createPlanText(config: PlanConfig, observe: Observe): Promise<string> {
  const { loads, limit, timers = config.timers } = config.loads.length > 0 ? config : await readDemand(config, observe);
  const plan = planTable(loads, timers, config.limit ?? limit);
  return config.json ? `${JSON.stringify(plan, undefined, 2)}\n` : renderPlan(plan);
}

interface Demand extends DirectorDemand {
  readonly timers?: Timers;
}

const sources = ['ipvs', 'ethtool', 'conntrack', 'conntrack-table'];

/** What a director needs of the hop upstream; without virtual servers, what this hop sees itself. */
async function readDemand({ collectors }: PlanConfig, observe: Observe): Promise<Demand> {
  const { now, before } = await observe(collectors.filter(({ name }) => sources.includes(name)));
  const isDirector = now.some(({ metric }) => metric.name === ipvsVirtualServerRealServers.name);
  return (isDirector ? undefined : tableDemand(now, before)) ?? directorDemand(now, before);
}
