import type { Dashboard } from '../../dashboards/src/grafana.ts';
import { type Draft, firstPanel } from './mutations.ts';
import type { oddFleetChecks } from './odd-fleet-checks.ts';

type Mutation = (draft: Draft<Dashboard>) => void;

const change =
  (expr: string, legendFormat: string): Mutation =>
  (draft) =>
    Object.assign(firstPanel(draft, 'timeseries').targets[0] ?? {}, { expr, legendFormat });

/** How to break what each check looks for. */
export const oddFleetMutations: Readonly<Record<keyof typeof oddFleetChecks, readonly Mutation[]>> = {
  'a cell without a value has no colour': [
    (draft) => {
      for (const { properties } of firstPanel(draft, 'table', 'Used').fieldConfig.overrides) {
        properties.splice(0, properties.length, ...properties.filter(({ id }) => id !== 'mappings'));
      }
    },
  ],
  'an empty panel does not only report that all is well': [
    '(up > 0) and topk(50, up)',
    '(up < Inf) and on (job, instance, netns) topk(5, up)',
    'ALERTS{job=~"$job"}',
  ].map((expr) => (draft) => {
    change(expr, '{{instance}}')(draft);
    firstPanel(draft, 'timeseries').fieldConfig.defaults.noValue = 'All is well';
  }),
  'lines of machines have their values beside them': [
    (draft) => Object.assign(firstPanel(draft, 'timeseries').gridPos, { w: 8 }),
  ],
  'a machine has a line for a few of its network namespaces': [change('up{instance=~"$fullest"}', '{{netns}}')],
  'machines of two clusters may have one name': [
    change('up and on (job, instance) up', ''),
    change('max by (instance) (up)', ''),
    (draft) => Object.assign(firstPanel(draft, 'table', 'Used').targets[0] ?? {}, { expr: 'max by (netns) (up)' }),
  ],
  'a legend distinguishes machines of two clusters': [
    change('up', '{{instance}}'),
    change('up{instance=~"$fullest"}', 'Entries'),
  ],
  'a machine may have two jobs': [
    change('up', '{{instance}} ({{cluster}})'),
    (draft) => Object.assign(firstPanel(draft, 'table', 'Used').targets[0] ?? {}, { expr: 'max by (instance) (up)' }),
  ],
  'what is left out is announced': [
    (draft) => Object.assign(firstPanel(draft, 'timeseries'), { description: 'Some.' }),
    (draft) => Object.assign(firstPanel(draft, 'table').targets[0] ?? {}, { expr: 'topk(7, up)' }),
  ],
  'an empty chart of rates names the scrape interval that the data source expects': [
    change('rate(up[$__rate_interval])', ''),
  ],
  'names of network namespaces are shortened': [
    (draft) => Object.assign(firstPanel(draft, 'timeseries'), { transformations: [] }),
  ],
};
