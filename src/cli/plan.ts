import { type DirectorDemand, directorDemand } from '../plan/director-demand.ts';
import { planTable } from '../plan/plan.ts';
import { renderPlan } from '../plan/plan-text.ts';
import type { Collector } from '../scrape/collector.ts';
import type { PlanConfig } from './config.ts';
import type { Observation } from './observe.ts';

type Observe = (collectors: readonly Collector[]) => Promise<Observation>;

/** How large a table must be, for the loads that are given or for those of the director that is observed. */
export async function createPlanText(config: PlanConfig, observe: Observe): Promise<string> {
  const { loads, limit } = config.loads.length > 0 ? config : await readDemand(config, observe);
  const plan = planTable(loads, config.timers, config.limit ?? limit);
  return config.json ? `${JSON.stringify(plan, undefined, 2)}\n` : renderPlan(plan);
}

/** What a director asks of the hop before it. */
async function readDemand({ collectors }: PlanConfig, observe: Observe): Promise<DirectorDemand> {
  const { now, before } = await observe(collectors.filter(({ name }) => name === 'ipvs'));
  return directorDemand(now, before);
}
