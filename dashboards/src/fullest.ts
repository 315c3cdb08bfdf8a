import { peak } from './choice.ts';
import { used } from './conntrack-panels.ts';
import type { Target } from './grafana.ts';
import type { SizedPanel } from './panel.ts';
import { own } from './query.ts';
import type { ExtraVariable } from './variables.ts';

const most = 5;
const usedOrNone = `${used} or 0 * conntrack_entries{${own}}`;

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
    const described = targets.some(({ range }) => range) ? `${description} ${choice}` : description;
    return { ...size, panel: { ...panel, description: described, targets: targets.map(narrow) } };
  });
}

function narrow(target: Target): Target {
  const { expr, range } = target;
  const chosen = range ? `(${expr}) and on (job, cluster, instance, netns) ${fullestTables}` : expr;
  return { ...target, expr: chosen.replaceAll(own, `${own},instance=~"$fullest"`) };
}
