import { groups } from '../../alerts/src/groups.ts';
import { isAlert } from '../../alerts/src/rule.ts';
import { alertNames } from '../../dashboards/src/annotations.ts';
import type { Dashboard, GridPos } from '../../dashboards/src/grafana.ts';
import { type Check, complain } from './check.ts';
import { annotationsOf, panelsOf } from './expressions.ts';

const alerts = groups.flatMap(({ rules }) => rules.filter(isAlert).map(({ alert }) => alert));
const columns = 24;

/** Kinds of panels that Grafana brings itself and does not plan to drop. */
const panelTypes: ReadonlySet<string> = new Set(['timeseries', 'stat', 'table', 'state-timeline']);
/** What came after Grafana 9.0. */
const later = [
  'cellOptions',
  'palette-classic-by-name',
  '"shades"',
  '"mode":"dashed"',
  'background_solid',
  '"qryType"',
];

export const dashboardChecks = {
  'one variable is the data source': ({ templating: { list } }) => {
    const [source, ...others] = list;
    return [
      ...complain(
        source?.type !== 'datasource' || source.name !== 'datasource' || source.query !== 'prometheus',
        'first',
      ),
      ...complain(source?.label !== 'Data source', 'label'),
      ...others.flatMap(({ type, name }) => complain(type !== 'query', name)),
    ];
  },

  'machines are picked by job, cluster and instance': ({ templating: { list } }) =>
    [
      ['job', 'Job', '.+'],
      // A target need not have one.
      ['cluster', 'Cluster', '.*'],
      ['instance', 'Instance', '.+'],
    ].flatMap(([name = '', label, allValue]) => {
      const variable = list.find((one) => one.name === name);
      return complain(variable?.label !== label || variable?.allValue !== allValue, name);
    }),

  'variables begin with all, and follow the time': ({ templating: { list } }) =>
    list
      // One that is not picked has one value.
      .filter(({ type, hide, multi }) => type === 'query' && !(hide === 2 && multi === false))
      .flatMap(({ name, multi, includeAll, refresh, current }) =>
        complain(!multi || !includeAll || refresh !== 2 || String(current?.value) !== '$__all', name),
      ),

  'it can be imported and provisioned again and again': (dashboard) => [
    ...['id', '__inputs', '__requires', 'version', 'iteration'].flatMap((key) => complain(key in dashboard, key)),
    ...complain(dashboard.editable !== false, 'editable'),
    ...complain(!/^[a-z][a-z-]{3,39}$/.test(dashboard.uid), 'uid'),
  ],

  'it begins with the last hour, and follows': ({ time, refresh, timezone, graphTooltip }) => [
    ...complain(time.from !== 'now-1h' || time.to !== 'now', 'time'),
    ...complain(Number.parseInt(refresh, 10) < 30, 'refresh'),
    ...complain(timezone !== 'browser' || graphTooltip !== 1, 'timezone or tooltip'),
  ],

  'ids are unique': (dashboard) => {
    const rows = dashboard.panels.filter(({ type }) => type === 'row');
    const ids = [...rows, ...panelsOf(dashboard)].map(({ id }) => id);
    return complain(new Set(ids).size !== ids.length || ids.some((id) => !(id > 0)), 'ids');
  },

  'panels fill the width without overlap': (dashboard) => {
    const cells = placesOf(dashboard).flatMap(cellsOf);
    const bottom = Math.max(...placesOf(dashboard).map(({ y, h }) => y + h));
    return [
      ...complain(
        placesOf(dashboard).some(({ x, w }) => x + w > columns),
        'too wide',
      ),
      ...complain(new Set(cells).size !== cells.length, 'overlap'),
      ...complain(new Set(cells).size < columns * bottom, 'hole'),
    ];
  },

  'it links to the others, for the same machines and time': ({ tags, links: [first] }) => [
    ...complain(first?.type !== 'dashboards' || !first.keepTime || !first.includeVars, 'link'),
    ...complain(first?.tags.length !== 1 || !first.tags.every((one) => tags.includes(one)), 'tag'),
  ],

  'it marks alerts, transitions and restarts': (dashboard) => {
    const marks = annotationsOf(dashboard).map(({ expr }) => expr);
    return [
      ...[
        /^ALERTS_FOR_STATE\{.*alertstate="firing",severity=~"critical"/,
        /^ALERTS_FOR_STATE\{.*alertstate="firing",severity=~"warning"/,
        /timestamp\(\(ALERTS\{/,
        /^\(ALERTS\{[^}]*,instance=~"\$instance",[^}]*\} or ALERTS\{[^}]*,instance="",[^}]*\}\)$/,
        /last_transition_timestamp/,
        /process_start_time/,
      ].flatMap((wanted) => complain(!marks.some((expr) => wanted.test(expr)), String(wanted))),
      ...alerts.filter((alert) => !new RegExp(`^${alertNames}$`).test(alert)),
    ];
  },

  'what marks the charts is moments, unless you turn it on': ({ annotations: { list } }) =>
    list
      .filter(({ expr }) => expr !== undefined)
      .flatMap(({ name, enable, useValueForTime }) => complain(enable && !useValueForTime, name)),

  'it is made of what Grafana 9.0 has': (dashboard) => [
    ...complain(dashboard.schemaVersion !== 36, 'schemaVersion'),
    ...panelsOf(dashboard).flatMap(({ type }) => complain(!panelTypes.has(type), type)),
    ...later.filter((word) => JSON.stringify(dashboard).includes(word)),
  ],
} as const satisfies Record<string, Check>;

function placesOf({ panels }: Dashboard): GridPos[] {
  return panels
    .flatMap((panel) => [panel, ...(panel.type === 'row' ? panel.panels : [])])
    .map(({ gridPos }) => gridPos);
}

function cellsOf({ x, y, w, h }: GridPos): string[] {
  return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
}
