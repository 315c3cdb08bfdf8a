import type { Scenario } from '../scenario.ts';
import { agreement } from './agreement.ts';
import { cluster } from './cluster.ts';
import { failover } from './failover.ts';
import { fullTable } from './full-table.ts';
import { lookAlikes } from './look-alikes.ts';
import { promtool } from './promtool.ts';
import { secrets } from './secrets.ts';
import { verdict } from './verdict.ts';

/** The default run, in its order. */
export const scenarios: readonly Scenario[] = [
  cluster,
  verdict,
  agreement,
  lookAlikes,
  fullTable,
  failover,
  promtool,
  secrets,
];
