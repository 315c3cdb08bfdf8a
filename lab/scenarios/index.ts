import type { Scenario } from '../scenario.ts';
import { agreement } from './agreement.ts';
import { alerts } from './alerts.ts';
import { checkers } from './checkers.ts';
import { cluster } from './cluster.ts';
import { defence } from './defence.ts';
import { diagnose } from './diagnose.ts';
import { failover } from './failover.ts';
import { fullTable } from './full-table.ts';
import { ipvsChanges } from './ipvs-changes.ts';
import { ipvsConnections } from './ipvs-connections.ts';
import { ipvsPair } from './ipvs-pair.ts';
import { lookAlikes } from './look-alikes.ts';
import { moduleRestart } from './module-restart.ts';
import { netlinkCost } from './netlink-cost.ts';
import { plan } from './plan.ts';
import { promtool } from './promtool.ts';
import { quiet } from './quiet.ts';
import { readOnly } from './read-only.ts';
import { remedies } from './remedies.ts';
import { secrets } from './secrets.ts';
import { soak } from './soak.ts';
import { story } from './story.ts';
import { verdict } from './verdict.ts';
import { vrrpCrashes } from './vrrp-crashes.ts';
import { vrrpPreference } from './vrrp-preference.ts';
import { vrrpReloads } from './vrrp-reloads.ts';
import { vrrpTruth } from './vrrp-truth.ts';
import { zoneLimits } from './zone-limits.ts';

/** The default run, in its order: what nothing else covers. */
export const scenarios: readonly Scenario[] = [
  cluster,
  promtool,
  secrets,
  agreement,
  readOnly,
  verdict,
  lookAlikes,
  fullTable,
  checkers,
  alerts,
];

/** Only when named: what the default run or the tests on a real keepalived cover as well, and what takes minutes. */
export const namedScenarios: readonly Scenario[] = [
  failover,
  vrrpPreference,
  vrrpTruth,
  vrrpCrashes,
  vrrpReloads,
  ipvsChanges,
  ipvsConnections,
  ipvsPair,
  moduleRestart,
  diagnose,
  defence,
  remedies,
  plan,
  netlinkCost,
  zoneLimits,
  quiet,
  story,
  soak,
];
