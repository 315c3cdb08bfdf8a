import { used } from './conntrack-panels.ts';
import type { SizedPanel } from './panel.ts';
import { own } from './query.ts';
import type { ExtraVariable } from './variables.ts';

const most = 5;

/** Rows for each of a thousand machines would stop a browser: those whose tables are the fullest have one. */
export const fullest: ExtraVariable = {
  name: 'fullest',
  label: 'Fullest',
  query: `query_result(topk(${most}, max by (instance) (${used} or 0 * conntrack_entries{${own}})))`,
  regex: '/instance="([^"]*)"/',
  hidden: true,
};

/** The panels for the machine of a row alone. */
export function ofRow(panels: readonly SizedPanel[]): SizedPanel[] {
  return panels.map(({ panel, ...size }) => ({
    ...size,
    panel: { ...panel, targets: panel.targets.map((target) => ({ ...target, expr: narrow(target.expr) })) },
  }));
}

function narrow(expr: string): string {
  return expr.replaceAll(own, `${own},instance=~"$fullest"`);
}
