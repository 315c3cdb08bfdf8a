import { runbooks } from '../../alerts/src/rule-file.ts';
import type { DashboardLink, Link } from './grafana.ts';
import { variable } from './query.ts';

/** Addresses that people bookmark and alerts link to: never to be changed. */
export const uids = {
  overview: 'lvs-overview',
  conntrack: 'lvs-conntrack',
  ipvs: 'lvs-ipvs',
  keepalived: 'lvs-keepalived',
  exporter: 'lvs-exporter',
} as const;

export const tag = 'lvs-exporter';

const documentation = runbooks.replace('/runbooks', '');

/** At the top of every dashboard: the others, for the same machines and time. */
export const dashboardLinks: readonly DashboardLink[] = [
  {
    type: 'dashboards',
    title: 'LVS',
    tags: [tag],
    asDropdown: false,
    includeVars: true,
    keepTime: true,
    targetBlank: false,
    icon: 'external link',
    tooltip: '',
    url: '',
  },
  {
    type: 'link',
    title: 'Metrics',
    tags: [],
    asDropdown: false,
    includeVars: false,
    keepTime: false,
    targetBlank: true,
    icon: 'doc',
    tooltip: 'What each metric means',
    url: `${documentation}/metrics.md`,
  },
];

/** What to do when a panel is red: the runbook of the alert that goes off then. */
export function runbook(alert: string): Link {
  return { title: `What to do: ${alert}`, url: `${runbooks}/${alert}.md`, targetBlank: true };
}

/** The same machines and time on another dashboard. */
export function details(dashboard: keyof typeof uids): Link {
  const url = `/d/${uids[dashboard]}?${variable('__url_time_range')}&${variable('__all_variables')}`;
  return { title: 'Details', url, targetBlank: false };
}

/** From a row of a table to one machine on another dashboard. */
export function machineDetails(dashboard: keyof typeof uids): Link {
  const kept = ['__url_time_range', 'datasource:queryparam', 'job:queryparam', 'cluster:queryparam'].map(variable);
  return {
    title: `Details of ${variable('__value.text')}`,
    url: `/d/${uids[dashboard]}?${kept.join('&')}&var-instance=${variable('__value.raw:percentencode')}`,
    targetBlank: false,
  };
}

/** From the name of an alert to its runbook. */
export const runbookOfCell: Link = {
  title: 'What to do',
  url: `${runbooks}/${variable('__value.raw')}.md`,
  targetBlank: true,
};

/** From the verdict on a destination to what it means, its finding and the remedies. */
export const verdictsOfFindings: Link = {
  title: 'What to do',
  url: `${documentation}/findings.md#verdicts-on-a-destination`,
  targetBlank: true,
};
