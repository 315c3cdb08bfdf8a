import { variable } from '../../dashboards/src/query.ts';
import { type Check, complain } from './check.ts';
import { expressionsOf, panelsOf, queriesOf, targetsOf, variablesOf } from './expressions.ts';
import { isPromql, selectorsOf } from './promql.ts';

/** Of a screen of 1,080 pixels. */
const screenRows = 24;
const maxQueries = 20;

export const queryChecks = {
  'everything asks the picked data source': (dashboard) => {
    const { templating, annotations } = dashboard;
    const asked = [
      ...templating.list
        .filter(({ type }) => type === 'query')
        .map(({ name, datasource }) => ({ where: name, datasource })),
      ...annotations.list
        .filter(({ builtIn }) => builtIn !== 1)
        .map(({ name, datasource }) => ({ where: name, datasource })),
      ...panelsOf(dashboard).map(({ title, datasource }) => ({ where: title, datasource })),
      ...targetsOf(dashboard).map(({ where, target }) => ({ where, datasource: target.datasource })),
    ];
    return asked.flatMap(({ where, datasource }) =>
      complain(datasource?.uid !== variable('datasource') || datasource.type !== 'prometheus', where),
    );
  },

  'selectors have the picked machines': (dashboard) =>
    queriesOf(dashboard).flatMap(({ where, expr }) =>
      selectorsOf(expr).flatMap(({ metric, matchers }) =>
        ['job', 'cluster', 'instance'].flatMap((name) =>
          complain(!matchers.includes(`${name}=~"$${name}"`), `${where}: ${metric} without ${name}`),
        ),
      ),
    ),

  'variables take the values of a label': (dashboard) =>
    variablesOf(dashboard).flatMap(({ where, label }) => complain(label === '', where)),

  'expressions are PromQL': (dashboard) =>
    expressionsOf(dashboard).flatMap(({ where, expr }) => complain(!isPromql(expr), `${where}: ${expr}`)),

  'rates are over $__rate_interval': (dashboard) =>
    queriesOf(dashboard).flatMap(({ where, expr }) =>
      complain(/\brate\([^[\]]*\[(?!\$__rate_interval\])|\birate\(/.test(expr), where),
    ),

  'totals are only seen as rates': (dashboard) =>
    queriesOf(dashboard).flatMap(({ where, expr }) =>
      selectorsOf(expr).flatMap(({ metric, call }) =>
        complain(metric.endsWith('_total') && call !== 'rate' && call !== 'increase', `${where}: ${metric}`),
      ),
    ),

  'letters are unique': (dashboard) =>
    panelsOf(dashboard).flatMap(({ title, targets }) => {
      const letters = targets.map(({ refId }) => refId);
      return complain(new Set(letters).size !== letters.length || letters.some((one) => !/^[A-Z]$/.test(one)), title);
    }),

  'it does not ask much when it is opened': ({ panels }) => {
    const seen = panels.filter(({ gridPos }) => gridPos.y < screenRows);
    const queries = seen.flatMap((panel) => (panel.type === 'row' ? [] : panel.targets));
    return complain(queries.length > maxQueries, `${queries.length} queries`);
  },
} as const satisfies Record<string, Check>;
