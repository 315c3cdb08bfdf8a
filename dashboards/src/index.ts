import { conntrack } from './conntrack.ts';
import { exporter } from './exporter.ts';
import type { Dashboard } from './grafana.ts';
import { ipvs } from './ipvs.ts';
import { keepalived } from './keepalived.ts';
import { overview } from './overview.ts';

export const dashboards: readonly Dashboard[] = [overview, conntrack, ipvs, keepalived, exporter];

/** As Grafana imports it, or grafana.com takes it. */
export function render(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
