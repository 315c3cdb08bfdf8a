import { peak } from './choice.ts';
import { used } from './conntrack-panels.ts';
import type { Target } from './grafana.ts';
import type { SizedPanel } from './panel.ts';
import { own } from './query.ts';
import { clusterName, jobName, withoutEmptyCluster } from './short-names.ts';
import type { ExtraVariable } from './variables.ts';

const most = 5;
const usedOrNone = `${used} or 0 * conntrack_entries{${own}}`;

/** The title of a row of `fullest`. */
export const fullestTitle = `Among the ${most} fullest: $fullest`;

/** Rows for each of a thousand machines would stop a browser: those whose tables are the fullest have one. */
export const fullest: ExtraVariable = {
  name: 'fullest',
  label: 'Fullest',
  query: `query_result(topk(${most}, max by (instance) (${usedOrNone})))`,
  regex: '/instance="([^"]*)"/',
  hidden: true,
};

/** A router of OpenStack has a table for each of hundreds of network namespaces: a chart has those that were the fullest. */
const fullestTables = `topk(${most}, ${peak(usedOrNone)})`;
const choice = `Of many network namespaces, the ${most} with the fullest tables are shown.`;

/** The panels for the machine of a row alone. */
export function ofRow(panels: readonly SizedPanel[]): SizedPanel[] {
  return panels.map(({ panel, ...size }) => {
    const { description, targets } = panel;
    const narrowed = { ...panel, targets: targets.map(narrow) };
    if (!targets.some(({ range }) => range)) return { ...size, panel: narrowed };
    const transformations = [withoutEmptyCluster, ...(panel.transformations ?? [])];
    return { ...size, panel: { ...narrowed, description: `${description} ${choice}`, transformations } };
  });
}

/** Two clusters may have machines of one name, which share a row. */
function narrow(target: Target): Target {
  const { expr, range, legendFormat } = target;
  const chosen = range ? `(${expr}) and on (job, cluster, instance, netns) ${fullestTables}` : expr;
  return {
    ...target,
    expr: chosen.replaceAll(own, `${own},instance=~"$fullest"`),
    ...(legendFormat === undefined ? {} : { legendFormat: `${legendFormat} ${jobName} ${clusterName}` }),
  };
}
