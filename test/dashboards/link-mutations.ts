import type { Dashboard, Link } from '../../dashboards/src/grafana.ts';
import { variable } from '../../dashboards/src/query.ts';
import type { linkChecks } from './link-checks.ts';
import { type Draft, firstPanel } from './mutations.ts';

type Mutation = (draft: Draft<Dashboard>) => void;

/** Adds a link to a dashboard with these parameters; what has no `=` is a variable. */
const lead =
  (uid: string, ...parameters: readonly string[]): Mutation =>
  (draft) => {
    const search = parameters.map((one) => (one.includes('=') ? one : variable(one))).join('&');
    firstPanel(draft).links.push({ title: 'Details', url: `/d/${uid}?${search}`, targetBlank: false } satisfies Link);
  };

/** How to break what each check looks for. */
export const linkMutations: Readonly<Record<keyof typeof linkChecks, readonly Mutation[]>> = {
  'links lead somewhere': [
    lead('nowhere', '__url_time_range', '__all_variables'),
    (draft) => firstPanel(draft).links.push({ title: '', url: 'https://example.org/runbook.md', targetBlank: true }),
    (draft) => Object.assign(draft.links.find(({ type }) => type === 'link') ?? {}, { url: 'https://example.org/' }),
  ],
  'links keep the time and the machines': [
    lead('lvs-ipvs', '__all_variables'),
    lead('lvs-ipvs', '__url_time_range', 'datasource:queryparam', 'job:queryparam'),
  ],
  'links carry what is picked here to what can be picked there': [
    lead('lvs-keepalived', '__url_time_range', '__all_variables', 'var-address=10.0.0.1'),
    lead('lvs-ipvs', '__url_time_range', '__all_variables', 'address:queryparam'),
  ],
  'links encode what they put into an address': [
    lead('lvs-ipvs', '__url_time_range', '__all_variables', `var-instance=${variable('__value.raw')}`),
  ],
};
