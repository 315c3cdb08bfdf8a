import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert } from '../../alerts/src/rule.ts';
import { runbooks } from '../../alerts/src/rule-file.ts';
import type { Dashboard } from '../../dashboards/src/grafana.ts';
import { dashboards } from '../../dashboards/src/index.ts';
import type { Check } from './check.ts';
import { dashboardChecks } from './dashboard-checks.ts';
import { exclusions } from './exclusions.ts';
import { fleetChecks } from './fleet-checks.ts';
import { fleetMutations } from './fleet-mutations.ts';
import { linkChecks, linksOf } from './link-checks.ts';
import { linkMutations } from './link-mutations.ts';
import { type Draft, mutations as otherMutations } from './mutations.ts';
import { oddFleetChecks } from './odd-fleet-checks.ts';
import { oddFleetMutations } from './odd-fleet-mutations.ts';
import { panelChecks } from './panel-checks.ts';
import { queryChecks } from './query-checks.ts';
import { roomChecks } from './room-checks.ts';

const checks: Readonly<Record<string, Check>> = {
  ...dashboardChecks,
  ...panelChecks,
  ...queryChecks,
  ...roomChecks,
  ...fleetChecks,
  ...oddFleetChecks,
  ...linkChecks,
};
const mutations = { ...otherMutations, ...fleetMutations, ...oddFleetMutations, ...linkMutations };
const names = Object.keys(checks) as (keyof typeof mutations)[];

async function read({ uid }: Dashboard): Promise<Dashboard> {
  return JSON.parse(await readFile(`dashboards/${uid}.json`, 'utf8'));
}

function findings(name: string, dashboard: Dashboard): string[] {
  return checks[name]?.(dashboard).map((finding) => `${dashboard.uid} ${finding}`) ?? [];
}

function isExcluded(name: string, finding: string): boolean {
  return exclusions.some((one) => one.check === name && one.finding.test(finding));
}

describe.each(dashboards)('$title', (source) => {
  it.each(names)('%s', async (name) => {
    expect(findings(name, await read(source)).filter((finding) => !isExcluded(name, finding))).toEqual([]);
  });
});

it.each(exclusions)('$check: excluded, because $reason', async ({ check, finding }) => {
  const all = (await Promise.all(dashboards.map(read))).flatMap((dashboard) => findings(check, dashboard));
  expect(all.filter((one) => finding.test(one))).not.toEqual([]);
});

it('a panel leads to the runbook of every alert', async () => {
  const linked = (await Promise.all(dashboards.map(read))).flatMap(linksOf);
  const alerts = groups.flatMap(({ rules }) => rules.filter(isAlert).map(({ alert }) => alert));
  expect(alerts.filter((alert) => !linked.includes(`${runbooks}/${alert}.md`))).toEqual([]);
});

it('uids are for ever', () => {
  expect(dashboards.map(({ uid }) => uid)).toEqual([
    'lvs-overview',
    'lvs-conntrack',
    'lvs-ipvs',
    'lvs-keepalived',
    'lvs-exporter',
  ]);
});

describe('a check fails when what it looks for is broken', () => {
  const cases = names.flatMap((name) => mutations[name].map((mutate, index) => ({ name, mutate, index: index + 1 })));
  it.each(cases)('$name ($index)', async ({ name, mutate }) => {
    const dashboard = await read(dashboards[0] as Dashboard);
    const before = findings(name, dashboard);
    const draft = structuredClone(dashboard) as Draft<Dashboard>;
    mutate(draft);
    expect(findings(name, draft as Dashboard).filter((one) => !before.includes(one))).not.toEqual([]);
  });
});
