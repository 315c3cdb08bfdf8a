import type { Dashboard } from '../../dashboards/src/grafana.ts';
import type { fleetChecks } from './fleet-checks.ts';
import { type Draft, firstPanel } from './mutations.ts';

type Mutation = (draft: Draft<Dashboard>) => void;

const line = (name: string) => ({
  matcher: { id: 'byName', options: name } as const,
  properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: 'red' } }],
});

function closeLegend(draft: Draft<Dashboard>, ...lines: readonly string[]): void {
  const chart = firstPanel(draft, 'timeseries');
  chart.targets = [...chart.targets, ...chart.targets].map((target, index) => ({
    ...target,
    legendFormat: `${index}`,
  }));
  chart.fieldConfig.overrides = lines.map(line);
}

function compare(draft: Draft<Dashboard>, series: string): void {
  const expr = `(up) and topk(50, max_over_time((${series})[$__range:$__interval] @ end()))`;
  Object.assign(firstPanel(draft, 'timeseries').targets[0] ?? {}, { expr });
}

/** How to break what each check looks for. */
export const fleetMutations: Readonly<Record<keyof typeof fleetChecks, readonly Mutation[]>> = {
  'a chart of zeros has an axis of its own': [
    (draft) => Object.assign(firstPanel(draft, 'timeseries').fieldConfig.defaults, { custom: {} }),
  ],
  'names of machines get the width that is left': [
    (draft) => {
      for (const { properties } of firstPanel(draft, 'table').fieldConfig.overrides) {
        properties.push({ id: 'custom.width', value: 90 });
      }
    },
  ],
  'long names leave values in view': [
    (draft) => Object.assign(firstPanel(draft, 'timeseries'), { transformations: [] }),
    (draft) => Object.assign(firstPanel(draft, 'state-timeline'), { transformations: [] }),
    (draft) => {
      const chart = firstPanel(draft, 'timeseries');
      Object.assign(chart.targets[0] ?? {}, { legendFormat: 'A 1st B 2nd C 3rd D 4th, {{instance}} {{netns}}' });
      Object.assign(chart.transformations?.at(-1)?.options ?? {}, { regex: '/^(.{99})$/' });
    },
  ],
  'short names stay different': [
    (draft) =>
      Object.assign(firstPanel(draft, 'timeseries').transformations?.at(-1)?.options ?? {}, {
        regex: '/^(.{8}).*(.{8})$/',
      }),
  ],
  'addresses get the width that is left': [
    (draft) =>
      firstPanel(draft, 'table', 'Address')
        .fieldConfig.overrides.find(({ matcher }) => matcher.options === 'Address')
        ?.properties.push({ id: 'custom.width', value: 90 }),
  ],
  'lines that have colours all have, and different ones': [
    (draft) => closeLegend(draft, '0', '1'),
    (draft) => closeLegend(draft, '0'),
  ],
  'rows repeat for few machines': [(draft) => Object.assign(draft.panels[0] ?? {}, { repeat: 'instance' })],
  'a panel has as many lines as can be read': [
    (draft) => Object.assign(firstPanel(draft, 'timeseries').targets[0] ?? {}, { expr: 'up{job=~"$job"}' }),
    (draft) => Object.assign(firstPanel(draft, 'state-timeline').targets[0] ?? {}, { expr: 'up{job=~"$job"}' }),
  ],
  'what is compared with many is neither renamed nor given a name': [
    (draft) => compare(draft, 'label_replace(up, "a", "", "", "")'),
    (draft) => compare(draft, 'up * on (job) group_left (name) up'),
  ],
  'tiles report in few words that they are empty': [
    (draft) => Object.assign(firstPanel(draft, 'stat').fieldConfig.defaults, { noValue: 'No machine that answers' }),
  ],
  'missing rules are not the only reason that is given': [
    (draft) => Object.assign(firstPanel(draft, 'table').fieldConfig.defaults, { noValue: 'Load the rules' }),
  ],
};
