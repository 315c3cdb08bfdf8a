import type { Dashboard, Override, Panel, Transformation } from '../../dashboards/src/grafana.ts';
import { type Check, complain } from './check.ts';
import { panelsOf, variablesOf } from './expressions.ts';

/** As long as a name may be. */
const room = 23;

/** Two values that a fleet may have of each label, and those of one that uses IPv6. */
const fleets: readonly Readonly<Record<string, readonly [string, string]>>[] = [
  {
    instance: ['lb-0001.prod.example.com:10044', 'lb-0002.prod.example.com:10044'],
    cluster: ['berlin-1', 'berlin-2'],
    instance_name: ['VI_frontend_01_public_v4', 'VI_frontend_02_public_v4'],
    address: ['10.0.0.100', '10.0.1.100'],
    real_address: ['10.20.30.12', '10.20.30.112'],
    port: ['80', '443'],
    real_port: ['80', '443'],
    protocol: ['tcp', 'udp'],
    kind: ['base', 'effective'],
    collector: ['conntrack-table', 'conntrack'],
    netns: ['qrouter-5e6f1a2b-4a7b-8c9d-000000000001', 'qrouter-5e6f1a2b-4a7b-8c9d-000000000002'],
  },
  {
    instance: ['[2001:db8:1::21]:10044', '[2001:db8:1::22]:10044'],
    cluster: ['berlin', 'hamburg'],
    instance_name: ['VI_1', 'VI_2'],
    address: ['2001:db8:aaaa:bbbb:cccc:dddd:eeee:1', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:2'],
    real_address: ['2001:db8:1:2::3:11', '2001:db8:1:2::3:12'],
    port: ['443', '8443'],
    real_port: ['443', '8443'],
    protocol: ['tcp', 'udp'],
  },
  {
    instance: ['lb1', 'lb2'],
    cluster: ['bonn', 'kiel'],
    instance_name: ['VI_1', 'VI_2'],
    collector: ['ipvs', 'table'],
  },
  // Two jobs have these machines.
  {
    instance: ['lb1', 'lb2'],
    job: ['host', 'guest'],
    instance_name: ['VI_1', 'VI_2'],
    address: ['10.0.0.1', '10.0.0.2'],
    collector: ['ipvs', 'table'],
    kind: ['base', 'effective'],
  },
];

type Chart = Extract<Panel, { type: 'timeseries' }>;

/** What a hundred machines with long names need, and one that has hardly anything. */
export const fleetChecks = {
  'a chart of zeros has an axis of its own': (dashboard) =>
    chartsOf(dashboard).flatMap(({ title, fieldConfig }) =>
      complain(!(Number(fieldConfig.defaults.custom?.axisSoftMax) > 0), title),
    ),

  'names of machines get the width that is left': (dashboard) =>
    panelsOf(dashboard).flatMap(({ type, title, fieldConfig: { overrides } }) =>
      complain(type === 'table' && !overrides.some((one) => !has(one, 'custom.width')), title).concat(
        complain(
          overrides.some((one) => one.matcher.options === 'Machine' && has(one, 'custom.width')),
          `${title} Machine`,
        ),
      ),
    ),

  'long names leave values in view': (dashboard) =>
    panelsOf(dashboard).flatMap((panel) =>
      fleets.flatMap((fleet) =>
        namesIn(panel, fleet)
          .filter((name) => name.length > room)
          .map((name) => `${panel.title}: ${name}`),
      ),
    ),

  'short names stay different': (dashboard) =>
    panelsOf(dashboard).flatMap((panel) =>
      fleets.flatMap((fleet) => {
        const names = namesIn(panel, fleet);
        return names.filter((name, index) => names.indexOf(name) < index).map((name) => `${panel.title}: ${name}`);
      }),
    ),

  'addresses get the width that is left': (dashboard) =>
    panelsOf(dashboard).flatMap(({ type, title, gridPos, fieldConfig: { overrides } }) =>
      complain(
        type === 'table' &&
          gridPos.w === 24 &&
          overrides.some((one) => /^(Address|Real server)$/.test(one.matcher.options) && has(one, 'custom.width')),
        title,
      ),
    ),

  'lines that have colours all have, and different ones': (dashboard) =>
    chartsOf(dashboard).flatMap((chart) => {
      const looks = chart.fieldConfig.overrides.map(({ properties }) => JSON.stringify(properties));
      const coloured = chart.targets.map(({ legendFormat = '' }) => lineOf(chart, legendFormat) !== undefined);
      const isClosed = chart.targets.every(({ legendFormat }) => !isOpen(legendFormat));
      return [
        ...complain(new Set(looks).size < looks.length, `${chart.title}: one look for two`),
        ...complain(isClosed && coloured.includes(true) && coloured.includes(false), `${chart.title}: some`),
      ];
    }),

  'rows repeat for few machines': (dashboard) => {
    const limited = variablesOf(dashboard).filter(({ expr }) => /^topk\(\d, /.test(expr));
    return dashboard.panels.flatMap((panel) =>
      panel.type === 'row' && panel.repeat !== undefined
        ? complain(!limited.some(({ where }) => where === `variable ${panel.repeat}`), panel.title)
        : [],
    );
  },

  'a panel has as many lines as can be read': (dashboard) =>
    panelsOf(dashboard).flatMap(({ type, title, targets }) =>
      targets.flatMap(({ refId, expr, range, legendFormat = '' }) => {
        const isMany = range && !expr.includes('$fullest') && /\{\{(instance|address)\}\}/.test(legendFormat);
        return complain(
          type !== 'table' && isMany && !/\) and (on \([^()]*\) )?topk\(50, /.test(expr),
          `${title} ${refId}`,
        );
      }),
    ),

  'what is compared with many is neither renamed nor given a name': (dashboard) =>
    panelsOf(dashboard).flatMap(({ title, targets }) =>
      targets.flatMap(({ refId, expr }) => {
        const [, compared = ''] = /topk\(50, (.*) @ end\(\)\)/.exec(expr) ?? [];
        return complain(/label_replace|group_left \(\w/.test(compared), `${title} ${refId}`);
      }),
    ),

  'tiles report in few words that they are empty': (dashboard) =>
    panelsOf(dashboard).flatMap(({ type, title, fieldConfig: { defaults } }) =>
      complain(type === 'stat' && (defaults.noValue ?? '').length > 20, title),
    ),

  'missing rules are not the only reason that is given': (dashboard) =>
    panelsOf(dashboard).flatMap(({ type, title, fieldConfig: { defaults } }) =>
      complain(type !== 'stat' && /rules/.test(defaults.noValue ?? '') && !/, or /.test(defaults.noValue ?? ''), title),
    ),
} as const satisfies Record<string, Check>;

/** The names in a legend: of a first series of each query, and of another for each label that distinguishes series. */
function namesIn({ type, targets, transformations = [] }: Panel, fleet: (typeof fleets)[number]): string[] {
  if (type === 'table' || !targets.some(({ legendFormat }) => isOpen(legendFormat))) return [];
  return targets.flatMap((target) => {
    const legendFormat = target.legendFormat?.replace('$apart', 'job') ?? '';
    const first = legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label) => fleet[label]?.[0] ?? '');
    // Of machines with long names, the cluster goes before what distinguishes most of them.
    const clusterGoes = first.length > room && legendFormat.includes('({{cluster}})');
    const labels = labelsIn(legendFormat).filter(
      (label) => label in fleet && !label.endsWith('_port') && !(clusterGoes && label === 'cluster'),
    );
    return [undefined, ...labels].map((other) => {
      // Direct server return keeps the port.
      const pick = (label: string) => fleet[label]?.[label.replace('real_port', 'port') === other ? 1 : 0] ?? '';
      return renamed(
        legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label) => pick(label)),
        transformations,
      );
    });
  });
}

function labelsIn(legendFormat: string): string[] {
  return [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].flatMap(([, label]) => label ?? []);
}

/** As Grafana does it: without slashes it anchors a pattern at both ends. */
function renamed(name: string, transformations: readonly Transformation[]): string {
  return transformations.reduce((so, { id, options }) => {
    if (id !== 'renameByRegex') return so;
    const { regex, renamePattern } = options;
    const pattern = regex.startsWith('/') ? regex.replaceAll(/^\/|\/g?$/g, '') : `^${regex}$`;
    return so.replace(new RegExp(pattern, 'g'), renamePattern);
  }, name);
}

function chartsOf(dashboard: Dashboard): Chart[] {
  return panelsOf(dashboard).filter((panel): panel is Chart => panel.type === 'timeseries');
}

function has({ properties }: Override, id: string): boolean {
  return properties.some((one) => one.id === id);
}

/** Whether there are as many lines as machines, services or states. */
function isOpen(legendFormat = ''): boolean {
  return /\{\{(?!(netns|cluster|\$apart)\}\})/.test(legendFormat);
}

function lineOf({ fieldConfig: { overrides } }: Chart, name: string): Override | undefined {
  return overrides.find(({ matcher: { options } }) => {
    const [, pattern] = /^\/(.*)\/$/.exec(options) ?? [];
    return pattern === undefined ? options === name : new RegExp(pattern).test(name);
  });
}
