import type { Dashboard, Override, Panel } from '../../dashboards/src/grafana.ts';
import { type Check, complain } from './check.ts';
import { panelsOf, variablesOf } from './expressions.ts';

/** What fleets need in which machines lack something, or have hundreds of it. */
export const oddFleetChecks = {
  'a cell without a value has no colour': (dashboard) =>
    tablesOf(dashboard).flatMap(({ title, fieldConfig: { overrides } }) =>
      overrides
        .filter((one) => lookOf(one, 'thresholds') !== undefined)
        .filter((one) => !JSON.stringify(lookOf(one, 'mappings') ?? '').includes(colourless))
        .map(({ matcher }) => `${title} ${matcher.options}`),
    ),

  'an empty panel does not only report that all is well': (dashboard) =>
    panelsOf(dashboard).flatMap(({ type, title, targets, fieldConfig: { defaults } }) =>
      complain(
        type !== 'stat' && targets.every(({ expr }) => isFiltered(expr)) && !/, or /.test(defaults.noValue ?? ''),
        `${title}: ${defaults.noValue}`,
      ),
    ),

  'lines of machines have their values beside them': (dashboard) =>
    chartsOf(dashboard).flatMap(({ title, targets, gridPos: { w } }) =>
      complain(targets.some(({ legendFormat }) => /\{\{instance\}\}/.test(legendFormat ?? '')) && w < 12, title),
    ),

  'a machine has a line for a few of its network namespaces': (dashboard) =>
    chartsOf(dashboard).flatMap(({ title, targets }) =>
      targets
        .filter(
          ({ expr, range }) => range && expr.includes('$fullest') && !/ and on \([^()]*netns\) topk\(\d, /.test(expr),
        )
        .map(({ refId }) => `${title} ${refId}`),
    ),

  'machines of two clusters may have one name': (dashboard) =>
    panelsOf(dashboard).flatMap(({ title, type, targets }) =>
      targets
        .filter(
          ({ expr }) =>
            /\b(on|by) \((?=[^()]*\binstance\b)(?![^()]*\bcluster\b)/.test(expr) ||
            (type === 'table' && !/^max by \([^()]*\bcluster\b/.test(expr)),
        )
        .map(({ refId }) => `${title} ${refId}`),
    ),

  'a legend distinguishes machines of two clusters': (dashboard) =>
    panelsOf(dashboard).flatMap(({ title, targets }) =>
      targets
        .filter(
          ({ expr, range, legendFormat = '' }) =>
            range && /\{\{instance\}\}|\$fullest/.test(legendFormat + expr) && !legendFormat.includes('({{cluster}})'),
        )
        .map(({ refId }) => `${title} ${refId}`),
    ),

  'a machine may have two jobs': (dashboard) =>
    panelsOf(dashboard).flatMap(({ title, type, targets }) =>
      targets
        .filter(({ expr, range, legendFormat = '' }) =>
          type === 'table'
            ? !/^max by \([^()]*\$apart\b/.test(expr)
            : range && /\{\{instance\}\}|\$fullest/.test(legendFormat + expr) && !legendFormat.includes('{{$apart}}'),
        )
        .map(({ refId }) => `${title} ${refId}`),
    ),

  'what is left out is announced': (dashboard) => {
    const isAnnounced = (expr: string, text: string) =>
      [...expr.matchAll(/\b(?:topk|bottomk|limitk)\((\d+)/g)].every(([, most]) =>
        new RegExp(`\\b${most}\\b`).test(text),
      );
    const limited = new Map(variablesOf(dashboard).map(({ where, expr }) => [where, expr]));
    return [
      ...panelsOf(dashboard).flatMap(({ title, description, targets }) =>
        complain(!targets.every(({ expr }) => isAnnounced(expr, description)), title),
      ),
      ...dashboard.panels.flatMap((panel) =>
        panel.type === 'row' && panel.repeat !== undefined
          ? complain(!isAnnounced(limited.get(`variable ${panel.repeat}`) ?? '', panel.title), panel.title)
          : [],
      ),
    ];
  },

  'an empty chart of rates names the scrape interval that the data source expects': (dashboard) =>
    chartsOf(dashboard)
      .filter(({ targets }) => targets.every(({ expr }) => expr.includes('$__rate_interval')))
      .flatMap(({ title, fieldConfig: { defaults } }) =>
        complain(!/, or .* scrape interval in the data source$/.test(defaults.noValue ?? ''), title),
      ),

  'names of network namespaces are shortened': (dashboard) =>
    chartsOf(dashboard).flatMap(({ title, targets, transformations = [] }) =>
      complain(
        targets.some(({ legendFormat }) => /\{\{netns\}\}/.test(legendFormat ?? '')) &&
          !transformations.some(({ id }) => id === 'renameByRegex'),
        title,
      ),
    ),
} as const satisfies Record<string, Check>;

const colourless = '"match":"null","result":{"text":"","color":"transparent"';

type Chart = Extract<Panel, { type: 'timeseries' }>;

function chartsOf(dashboard: Dashboard): Chart[] {
  return panelsOf(dashboard).filter((panel): panel is Chart => panel.type === 'timeseries');
}

function tablesOf(dashboard: Dashboard): Panel[] {
  return panelsOf(dashboard).filter(({ type }) => type === 'table');
}

function lookOf({ properties }: Override, id: string): unknown {
  return properties.find((one) => one.id === id)?.value;
}

/** Whether a query gives nothing while all is well: it asks for alerts, or compares last of all. */
function isFiltered(expr: string): boolean {
  const all = expr.replace(/\) and (on \([^()]*\) )?topk\(.*$/s, ')');
  // A limit of 0 is none.
  const compared = withoutInner(unwrap(all)).replace(/_limit\{[^{}]*\} > 0$/, '');
  return /(>|>=|<|<=|==) ([\d.]+|Inf)$/.test(compared) || all.includes('ALERTS{');
}

function unwrap(expr: string): string {
  const [, inner] = /^(?:max by \([^()]*\) )?\((.*)\)$/s.exec(expr) ?? [];
  return inner === undefined || !isBalanced(inner) ? expr : unwrap(inner);
}

function isBalanced(expr: string): boolean {
  let depth = 0;
  return [...expr].every((letter) => {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    return depth >= 0;
  });
}

/** With what is in parentheses left out. */
function withoutInner(expr: string): string {
  const shorter = expr.replace(/\([^()]*\)/g, '_');
  return shorter === expr ? expr : withoutInner(shorter);
}
