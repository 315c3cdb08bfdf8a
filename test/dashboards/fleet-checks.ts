import type { Dashboard, Override, Panel } from '../../dashboards/src/grafana.ts';
import { type Check, complain } from './check.ts';
import { panelsOf, variablesOf } from './expressions.ts';

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

  'long names of machines leave values in view': (dashboard) =>
    panelsOf(dashboard).flatMap(({ type, title, targets, transformations = [] }) => {
      const hasMachines = targets.some(({ legendFormat }) => legendFormat?.includes('{{instance}}'));
      // Without slashes Grafana anchors it at both ends.
      const isShort = transformations.some(
        ({ id, options }) => id === 'renameByRegex' && options.regex.startsWith('/'),
      );
      return complain(type !== 'table' && hasMachines && !isShort, title);
    }),

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

  'tiles say in few words that they are empty': (dashboard) =>
    panelsOf(dashboard).flatMap(({ type, title, fieldConfig: { defaults } }) =>
      complain(type === 'stat' && (defaults.noValue ?? '').length > 20, title),
    ),

  'missing rules are not the only reason that is given': (dashboard) =>
    panelsOf(dashboard).flatMap(({ type, title, fieldConfig: { defaults } }) =>
      complain(type !== 'stat' && /rules/.test(defaults.noValue ?? '') && !/, or /.test(defaults.noValue ?? ''), title),
    ),
} as const satisfies Record<string, Check>;

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
