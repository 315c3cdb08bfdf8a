import { colours } from './colours.ts';
import type { Annotation } from './grafana.ts';
import { datasource, ofExporters, own, together } from './query.ts';
import { vrrpInstance } from './vrrp.ts';

/** Every alert of alerts/. */
export const alertNames = '(Conntrack|Ipvs|Keepalived|LvsExporter).+';

/** Alerts that go off, of those that are worth a mark. A pair's alert has no instance. */
export const firing = `ALERTS{${together},alertname=~"${alertNames}",alertstate="firing",severity=~"critical|warning"}`;

/** Marks on every chart. The values of the last two are the moments themselves, in milliseconds. */
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
  {
    name: 'Alerts',
    datasource,
    enable: true,
    iconColor: colours.critical,
    expr: firing,
    step: '30s',
    titleFormat: '{{alertname}}',
    textFormat: '{{severity}} {{instance}}',
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
    titleFormat: '{{instance_name}} on {{instance}}: {{state}}',
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
    titleFormat: 'Exporter started on {{instance}}',
    textFormat: '',
    tagKeys: '',
    useValueForTime: true,
  },
];
