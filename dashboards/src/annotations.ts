import { vrrpInstance } from '../../alerts/src/vrrp-pairs.ts';
import type { Severity } from '../../src/identity/severity.ts';
import { colours } from './colours.ts';
import type { Annotation } from './grafana.ts';
import { datasource, ofExporters, own, together } from './query.ts';

/** Every alert of alerts/. */
export const alertNames = '(Conntrack|Ipvs|Keepalived|LvsExporter).+';

/** Alerts of the machines that are picked, and of pairs, whose alerts have no instance. */
export function firing(...severities: readonly Severity[]): string {
  const which = `alertname=~"${alertNames}",alertstate="firing",severity=~"${severities.join('|')}"`;
  return `(ALERTS{${own},${which}} or ALERTS{${together},instance="",${which}})`;
}

const fires = firing('critical', 'warning');

/** Whom an alert is about: one machine, or a pair by what it shares. What an alert does not have leaves nothing. */
const subject = '{{instance}} {{cluster}} {{netns}} {{protocol}} {{address}} {{port}}';

/** `ALERTS_FOR_STATE` is when an alert began, in seconds. */
function begins(name: string, iconColor: string, severity: Severity): Annotation {
  return {
    name,
    datasource,
    enable: true,
    iconColor,
    expr: `ALERTS_FOR_STATE{${together}} * 1000 and ignoring (alertstate) ${firing(severity)}`,
    step: '30s',
    titleFormat: '{{alertname}} begins',
    textFormat: subject,
    tagKeys: 'severity',
    useValueForTime: true,
  };
}

/**
 * Marks on every chart. Where `useValueForTime`, the values are the moments themselves, in milliseconds; without it Grafana
 * colours the chart for as long as there is a value, so that nothing can be read on it: that is off until you turn it on.
 */
export const annotations: readonly Annotation[] = [
  {
    name: 'Annotations & Alerts',
    type: 'dashboard',
    builtIn: 1,
    datasource: { type: 'grafana', uid: '-- Grafana --' },
    enable: true,
    hide: true,
    iconColor: colours.neutral,
  },
  begins('Critical alerts', colours.critical, 'critical'),
  begins('Warnings', colours.warning, 'warning'),
  {
    name: 'Ends of alerts',
    datasource,
    enable: true,
    iconColor: colours.good,
    expr: `max_over_time(timestamp(${fires})[6h:1m]) * 1000 unless ${fires}`,
    step: '30s',
    titleFormat: '{{alertname}} ends',
    textFormat: subject,
    tagKeys: 'severity',
    useValueForTime: true,
  },
  {
    name: 'While alerts fire',
    datasource,
    enable: false,
    iconColor: colours.critical,
    expr: fires,
    step: '30s',
    titleFormat: '{{alertname}}',
    textFormat: subject,
    tagKeys: 'severity',
    useValueForTime: false,
  },
  {
    name: 'VRRP transitions',
    datasource,
    enable: true,
    iconColor: colours.neutral,
    expr:
      `keepalived_vrrp_last_transition_timestamp_seconds{${own}} * 1000 ` +
      `* on (${vrrpInstance}) group_left (state) (keepalived_vrrp_state{${own}} == 1)`,
    step: '30s',
    titleFormat: '{{instance_name}} on {{instance}} {{cluster}} {{daemon}}: {{state}}',
    textFormat: '',
    tagKeys: 'state',
    useValueForTime: true,
  },
  {
    name: 'Exporter restarts',
    datasource,
    enable: true,
    iconColor: colours.passing,
    expr: `${ofExporters('process_start_time_seconds')} * 1000`,
    step: '30s',
    titleFormat: 'Exporter started on {{instance}} {{cluster}}',
    textFormat: '',
    tagKeys: '',
    useValueForTime: true,
  },
];
