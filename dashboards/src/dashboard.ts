import { annotations } from './annotations.ts';
import type { Dashboard } from './grafana.ts';
import { place, type Row } from './layout.ts';
import { dashboardLinks, tag, uids } from './links.ts';
import { createVariables, type ExtraVariable } from './variables.ts';

export interface DashboardOptions {
  readonly uid: keyof typeof uids;
  readonly title: string;
  readonly description: string;
  /** Beside the one that all have. */
  readonly tags: readonly string[];
  /** The metric whose machines can be picked. */
  readonly machinesWith: string;
  readonly variables?: readonly ExtraVariable[];
  readonly rows: readonly Row[];
}

/**
 * Grafana 9.0 has schema 36. All that is used here is in it; later versions can read it and turn what they keep
 * elsewhere, such as the colours of cells, into their own form.
 */
const schemaVersion = 36;

export function createDashboard({
  uid,
  title,
  description,
  tags,
  machinesWith,
  variables = [],
  rows,
}: DashboardOptions): Dashboard {
  return {
    uid: uids[uid],
    title,
    description,
    tags: [tag, ...tags],
    timezone: 'browser',
    editable: false,
    graphTooltip: 1,
    schemaVersion,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    timepicker: {},
    links: dashboardLinks,
    templating: { list: createVariables(machinesWith, variables) },
    annotations: { list: annotations },
    panels: place(rows),
  };
}
