import type { Dashboard, Override, Panel, Transformation } from '../../dashboards/src/grafana.ts';
import { type Check, complain } from './check.ts';
import { panelsOf, variablesOf } from './expressions.ts';

/** Of machines, and of services and VRRP instances, with the most letters that they may have. */
const longNames = [
  ['lb-0001.prod.europe-west.example.com:10044', 7],
  ['a'.repeat(80), 27],
  ['2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff 443', 22],
  [`tcp 10.0.0.100 80 ${'a'.repeat(40)}`, 27],
] as const;

/** Names that must not become the same. */
const alike = [
  [
    'Sent, VI_frontend_01_public on lb-0001.example.com:10044',
    'Sent, VI_frontend_11_public on lb-0001.example.com:10044',
  ],
  ['conntrack-table on lb1.example.com:10044', 'conntrack-table on lb2.example.com:10044'],
  [
    '[2001:db8:1::21]:10044 qrouter-5e6f1a2b-4a7b-8c9d-000000000001',
    '[2001:db8:1::21]:10044 qrouter-5e6f1a2b-4a7b-8c9d-000000000002',
  ],
] as const;

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
    panelsOf(dashboard).flatMap(({ type, title, targets, transformations = [] }) => {
      const hasLabels = targets.some(({ legendFormat }) => isOpen(legendFormat));
      const isShort = longNames.every(([name, length]) => renamed(name, transformations).length <= length);
      return complain(type !== 'table' && hasLabels && !isShort, title);
    }),

  'short names stay different': (dashboard) =>
    panelsOf(dashboard).flatMap(({ title, transformations = [] }) =>
      alike
        .filter(([one, other]) => renamed(one, transformations) === renamed(other, transformations))
        .map(([one]) => `${title} ${one}`),
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
        return complain(type !== 'table' && isMany && !/\) and topk\(50, /.test(expr), `${title} ${refId}`);
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
  return /\{\{(?!netns\}\})/.test(legendFormat);
}

function lineOf({ fieldConfig: { overrides } }: Chart, name: string): Override | undefined {
  return overrides.find(({ matcher: { options } }) => {
    const [, pattern] = /^\/(.*)\/$/.exec(options) ?? [];
    return pattern === undefined ? options === name : new RegExp(pattern).test(name);
  });
}
