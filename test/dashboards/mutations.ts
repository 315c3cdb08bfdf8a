import type { Dashboard, Panel } from '../../dashboards/src/grafana.ts';
import type { dashboardChecks } from './dashboard-checks.ts';
import type { panelChecks } from './panel-checks.ts';
import type { queryChecks } from './query-checks.ts';
import type { roomChecks } from './room-checks.ts';

/** A dashboard that may be changed. */
export type Draft<T> = T extends object ? { -readonly [Key in keyof T]: Draft<T[Key]> } : T;

type Name =
  | keyof typeof dashboardChecks
  | keyof typeof panelChecks
  | keyof typeof queryChecks
  | keyof typeof roomChecks;

/** How to break what each check looks for. */
export const mutations: Readonly<Record<Name, readonly ((draft: Draft<Dashboard>) => void)[]>> = {
  'one variable is the data source': [
    ({ templating }) => templating.list.shift(),
    ({ templating }) => Object.assign(templating.list[0] ?? {}, { label: 'Source' }),
    ({ templating }) => Object.assign(templating.list[1] ?? {}, { type: 'datasource' }),
  ],
  'machines are picked by job, cluster and instance': [
    (draft) => Object.assign(variableNamed(draft, 'instance'), { name: 'host' }),
    (draft) => Object.assign(variableNamed(draft, 'cluster'), { allValue: '.+' }),
    ...['job', 'instance'].flatMap((name) => [
      (draft: Draft<Dashboard>) => Object.assign(variableNamed(draft, name), { label: 'Target' }),
      (draft: Draft<Dashboard>) => Object.assign(variableNamed(draft, name), { allValue: '.*' }),
    ]),
  ],
  'variables begin with all, and follow the time': [
    (draft) => Object.assign(variableNamed(draft, 'job'), { refresh: 1 }),
    (draft) => Object.assign(variableNamed(draft, 'job'), { current: undefined }),
    (draft) => Object.assign(variableNamed(draft, 'instance'), { multi: false }),
    (draft) => Object.assign(variableNamed(draft, 'instance'), { includeAll: false }),
  ],
  'it can be imported and provisioned again and again': [
    ...['__inputs', '__requires', 'id', 'version', 'iteration'].map(
      (key) => (draft: Draft<Dashboard>) => Object.assign(draft, { [key]: 7 }),
    ),
    (draft) => Object.assign(draft, { editable: true }),
    (draft) => Object.assign(draft, { uid: 'LVS' }),
  ],
  'it begins with the last hour, and follows': [
    (draft) => Object.assign(draft, { refresh: '5s' }),
    (draft) => Object.assign(draft.time, { from: '2026-11-23' }),
    (draft) => Object.assign(draft, { timezone: 'utc' }),
    (draft) => Object.assign(draft, { graphTooltip: 0 }),
  ],
  'ids are unique': [(draft) => Object.assign(draft.panels[2] ?? {}, { id: 1 })],
  'panels fill the width without overlap': [
    (draft) => Object.assign(draft.panels[1]?.gridPos ?? {}, { w: 1 }),
    (draft) => Object.assign(draft.panels[1]?.gridPos ?? {}, { y: 2 }),
    (draft) => Object.assign(draft.panels[1]?.gridPos ?? {}, { w: 25 }),
  ],
  'it links to the others, for the same machines and time': [
    (draft) => Object.assign(draft.links[0] ?? {}, { keepTime: false }),
    (draft) => Object.assign(draft.links[0] ?? {}, { includeVars: false }),
    (draft) => Object.assign(draft, { tags: [] }),
  ],
  'it marks alerts, transitions and restarts': [
    ...[
      'Critical alerts',
      'Warnings',
      'Ends of alerts',
      'While alerts fire',
      'VRRP transitions',
      'Exporter restarts',
    ].map((name) => ({ annotations }: Draft<Dashboard>) => {
      annotations.list = annotations.list.filter((one) => one.name !== name);
    }),
  ],
  'what marks the charts is moments, unless you turn it on': [
    ({ annotations }) => Object.assign(annotations.list[1] ?? {}, { useValueForTime: false }),
    ({ annotations }) => Object.assign(annotations.list[4] ?? {}, { enable: true }),
  ],
  'it is made of what Grafana 9.0 has': [
    (draft) => Object.assign(draft, { schemaVersion: 42 }),
    (draft) => Object.assign(firstPanel(draft), { type: 'graph' }),
    (draft) => Object.assign(firstPanel(draft).options, { cellOptions: {} }),
  ],
  'panels have a title': [(draft) => Object.assign(firstPanel(draft), { title: '' })],
  'panels have a description in sentences': [
    (draft) => Object.assign(firstPanel(draft), { description: '' }),
    (draft) => Object.assign(firstPanel(draft), { description: 'Number of entries in the table' }),
  ],
  'titles fit beside their icons, beside the menu': [
    (draft) => Object.assign(firstPanel(draft), { title: 'Tables that are fuller than they should be' }),
    (draft) => Object.assign(firstPanel(draft).gridPos, { w: 3 }),
  ],
  'state timelines show the words of their values': [
    (draft) =>
      Object.assign(firstPanel(draft, 'state-timeline').fieldConfig.defaults, { color: { mode: 'thresholds' } }),
    (draft) => Object.assign(firstPanel(draft, 'state-timeline').fieldConfig.defaults, { mappings: [] }),
  ],
  'columns have room for their headings': [
    (draft) => {
      for (const property of firstPanel(draft, 'table').fieldConfig.overrides.flatMap((one) => one.properties)) {
        if (property.id === 'custom.width') property.value = 40;
      }
    },
  ],
  'words fit into their cells': [
    (draft) => {
      const properties = firstPanel(draft, 'table', 'Used').fieldConfig.overrides.flatMap((one) => one.properties);
      for (const one of properties.filter(({ id }) => id === 'mappings')) {
        one.value = [{ type: 'value', options: { 0: { text: 'Exempt its packets from connection tracking' } } }];
      }
    },
  ],
  'all columns are seen at 1,280 pixels': [
    (draft) => {
      for (const { properties } of firstPanel(draft, 'table').fieldConfig.overrides) {
        properties.push({ id: 'custom.width', value: 300 });
      }
    },
    (draft) => Object.assign(firstPanel(draft, 'table').gridPos, { w: 8 }),
  ],
  'times fit into their cells': [
    (draft) =>
      firstPanel(draft, 'table', 'Since')
        .fieldConfig.overrides.find(({ matcher }) => matcher.options === 'Since')
        ?.properties.push({ id: 'custom.width', value: 112 }),
  ],
  'answers are seen beside the menu': [(draft) => Object.assign(firstPanel(draft, 'table', 'Used').gridPos, { w: 6 })],
  'numbers leave the room to names': [
    (draft) => firstPanel(draft, 'table').fieldConfig.overrides.map((one) => Object.assign(one, { properties: [] })),
  ],
  'a legend of many entries leaves room for the chart': [
    (draft) => Object.assign(firstPanel(draft, 'timeseries').options, { legend: { placement: 'bottom' } }),
    (draft) => Object.assign(firstPanel(draft, 'timeseries').options, { legend: { placement: 'right', width: 312 } }),
    (draft) => Object.assign(firstPanel(draft, 'timeseries').gridPos, { w: 6 }),
  ],
  'rows of a state timeline have room for their names': [
    (draft) => Object.assign(firstPanel(draft, 'state-timeline').options, { perPage: undefined }),
    (draft) => Object.assign(firstPanel(draft, 'state-timeline').gridPos, { h: 4 }),
  ],
  'panels have a query': [(draft) => Object.assign(firstPanel(draft), { targets: [] })],
  'panels report something when they are empty': [
    (draft) => Object.assign(firstPanel(draft).fieldConfig.defaults, { noValue: '' }),
  ],
  'values have a known unit, or words': [
    (draft) => Object.assign(firstPanel(draft).fieldConfig.defaults, { unit: 'furlong' }),
    (draft) => {
      for (const { properties } of firstPanel(draft, 'table').fieldConfig.overrides) {
        properties.splice(0, properties.length, ...properties.filter(({ id }) => id !== 'unit' && id !== 'mappings'));
      }
    },
  ],
  'thresholds are those of the alerts, in their colours': [
    (draft) => firstPanel(draft).fieldConfig.defaults.thresholds?.steps.push({ value: 0.9, color: 'red' }),
    (draft) =>
      Object.assign(firstPanel(draft).fieldConfig.defaults.thresholds?.steps.at(-1) ?? {}, { color: 'orange' }),
    (draft) => Object.assign(firstPanel(draft).fieldConfig.defaults, { thresholds: undefined }),
    (draft) => Object.assign(firstPanel(draft), { title: 'Alerts' }),
    (draft) => {
      for (const property of firstPanel(draft, 'table', 'Used').fieldConfig.overrides.flatMap(
        (one) => one.properties,
      )) {
        if (property.id === 'thresholds') property.value = { mode: 'absolute', steps: [] };
      }
    },
  ],
  'what has no value has no colour': [
    (draft) => Object.assign(firstPanel(draft).fieldConfig.defaults.thresholds?.steps[0] ?? {}, { color: 'green' }),
  ],
  'panels with thresholds link to what to do': [
    (draft) => Object.assign(firstPanel(draft, 'timeseries'), { links: [] }),
  ],
  'everything asks the picked data source': [
    (draft) => Object.assign(firstPanel(draft).datasource, { uid: 'prometheus' }),
    (draft) => Object.assign(firstPanel(draft).targets[0]?.datasource ?? {}, { uid: '-- Mixed --' }),
    ({ annotations }) => Object.assign(annotations.list[1] ?? {}, { datasource: undefined }),
    ({ templating }) => Object.assign(templating.list[1] ?? {}, { datasource: undefined }),
  ],
  'selectors have the picked machines': [(draft) => ask(draft, 'conntrack_entries{job=~"$job"}')],
  'variables take the values of a label': [
    (draft) => Object.assign(variableNamed(draft, 'cluster'), { query: 'metrics(conntrack_.+)' }),
    (draft) => Object.assign(variableNamed(draft, 'cluster'), { query: 'label_values(cluster)' }),
  ],
  'expressions are PromQL': [
    (draft) => ask(draft, 'sum(conntrack_entries'),
    (draft) => ask(draft, 'rate(x[$__rate_intervall])'),
  ],
  'rates are over $__rate_interval': [
    (draft) => ask(draft, 'rate(conntrack_drop_total[5m])'),
    (draft) => ask(draft, 'irate(conntrack_drop_total[$__rate_interval])'),
  ],
  'totals are only seen as rates': [(draft) => ask(draft, 'sum(conntrack_drop_total) > 5')],
  'letters are unique': [(draft) => Object.assign(firstPanel(draft).targets[0] ?? {}, { refId: '' })],
  'it does not ask much when it is opened': [
    (draft) => {
      const [target] = firstPanel(draft).targets;
      if (target) Object.assign(firstPanel(draft), { targets: Array(30).fill(target) });
    },
  ],
};

/** @param column Of a table. */
export function firstPanel({ panels }: Draft<Dashboard>, type?: Panel['type'], column?: string): Draft<Panel> {
  const found = panels.find(
    (one): one is Draft<Panel> =>
      one.type !== 'row' &&
      (type === undefined || one.type === type) &&
      (column === undefined || one.fieldConfig.overrides.some(({ matcher }) => matcher.options === column)),
  );
  if (!found) throw new Error(`Expected a panel of type ${type}`);
  return found;
}

function variableNamed({ templating }: Draft<Dashboard>, name: string): object {
  const found = templating.list.find((one) => one.name === name);
  if (!found) throw new Error(`Expected a variable ${name}`);
  return found;
}

function ask(draft: Draft<Dashboard>, expr: string): void {
  Object.assign(firstPanel(draft).targets[0] ?? {}, { expr });
}
