import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dashboards } from '../../dashboards/src/index.ts';
import { publishable } from '../../dashboards/src/publishable.ts';
import { needs } from '../needs.ts';
import { panelsOf } from './expressions.ts';

describe.each(dashboards)('$title for grafana.com', (dashboard) => {
  const { __inputs, __requires, id, ...rest } = publishable(dashboard);

  it('asks for the data source alone, and begins with what is chosen', () => {
    const [input, ...others] = __inputs;
    expect(others).toEqual([]);
    expect(input).toMatchObject({ type: 'datasource', pluginId: 'prometheus' });
    const used = JSON.stringify(rest).match(/\$\{DS_\w+\}/g) ?? [];
    expect(new Set(used)).toEqual(new Set([`\${${input?.name}}`]));
    const [source] = rest.templating.list;
    expect(source).toMatchObject({ type: 'datasource', current: { value: `\${${input?.name}}` } });
  });

  it('names every kind of panel that it needs', () => {
    const panels = __requires.filter(({ type }) => type === 'panel').map((one) => one.id);
    expect(panels).toEqual([...new Set(panelsOf(dashboard).map(({ type }) => type))].sort());
  });

  it('is the same dashboard in all else', () => {
    const [, ...variables] = rest.templating.list;
    expect({ ...rest, templating: variables }).toEqual({
      ...dashboard,
      templating: dashboard.templating.list.slice(1),
    });
    expect(id).toBeNull();
  });
});

it('mixin.libsonnet gives jsonnet the dashboards and all rules', needs('jsonnet'), async () => {
  const program = `local mixin = import 'mixin.libsonnet'; {
    dashboards: mixin.grafanaDashboards,
    rules: mixin.prometheusRules.groups,
    alerts: mixin.prometheusAlerts.groups,
  }`;
  const { stdout, stderr } = spawnSync('jsonnet', ['-e', program], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  expect(stderr).toBe('');
  const given = JSON.parse(stdout);
  const files = await Promise.all(
    dashboards.map(async ({ uid }) => [`${uid}.json`, JSON.parse(await readFile(`dashboards/${uid}.json`, 'utf8'))]),
  );
  expect(given.dashboards).toEqual(Object.fromEntries(files));
  const { groups } = parse(await readFile('alerts/lvs-exporter.rules.yml', 'utf8'));
  const byName = (list: readonly { readonly name: string }[]) => Object.fromEntries(list.map((one) => [one.name, one]));
  expect(byName([...given.rules, ...given.alerts])).toEqual(byName(groups));
});
