import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { IDaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../../src/cli/options/config.ts';
import { type KubernetesObject, mergePatch, typeErrors, validate } from '../containers/kubernetes.ts';
import { readYaml } from '../containers/yaml-file.ts';
import { chart, files, hashTemplates, type Recording, recording, variants } from './chart.ts';

const { sha256, rendered } = await readYaml<Recording>(recording);
const { version } = await readYaml<{ version: string }>('package.json');
const values = await readYaml<Record<string, unknown>>(join(chart, 'values.yaml'));

function objectsOf(variant: keyof typeof variants): KubernetesObject[] {
  const texts = Object.entries(rendered[variant] ?? {}).filter(([name]) => name.endsWith('.yaml'));
  const documents = texts.flatMap(([, text]) => parseAllDocuments(text));
  for (const { errors } of documents) expect(errors).toEqual([]);
  return documents.map((document) => document.toJS()).filter((object) => object !== null);
}

function daemonSets(variant: keyof typeof variants): IDaemonSet[] {
  return objectsOf(variant).filter(({ kind }) => kind === 'DaemonSet') as IDaemonSet[];
}

describe('the chart', () => {
  it('is recorded as its templates are: npx tsx test/charts/render.ts', () => {
    expect(sha256).toBe(hashTemplates());
  });

  it('has the version of the program', async () => {
    expect(await readYaml(join(chart, 'Chart.yaml'))).toMatchObject({ version, appVersion: version });
  });

  it('brings every dashboard and the rules, by links', () => {
    const listed = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.json'));
    const own = join(chart, 'files', 'dashboards');
    expect(listed(own)).toEqual(listed('dashboards'));
    const links = [...listed(own).map((name) => join('dashboards', name)), 'rules.yml'];
    const targets = links.map((name) => relative(process.cwd(), realpathSync(join(chart, 'files', name))));
    expect(targets).toEqual([
      ...listed('dashboards').map((name) => `dashboards/${name}`),
      'alerts/lvs-exporter.rules.yml',
    ]);
  });

  it.each(Object.keys(variants) as (keyof typeof variants)[])('is valid: %s', async (variant) => {
    const objects = objectsOf(variant);
    for (const object of objects) expect(() => validate(object)).not.toThrow();
    expect(await typeErrors(objects)).toEqual([]);
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has only what is enabled', () => {
    expect(objectsOf('default').map(({ kind }) => kind)).toEqual(['DaemonSet', 'ServiceAccount']);
    const all = objectsOf('everything').map(({ kind }) => kind);
    for (const kind of ['PodMonitor', 'ServiceMonitor', 'PrometheusRule', 'ConfigMap']) expect(all).toContain(kind);
  });

  it('keeps the content of rules and dashboards', () => {
    const [rule] = objectsOf('everything').filter(({ kind }) => kind === 'PrometheusRule') as { spec?: unknown }[];
    expect(rule?.spec).toEqual(parse(files['files/rules.yml']));
    const maps = objectsOf('everything').filter(({ kind }) => kind === 'ConfigMap') as { data?: object }[];
    expect(maps.map(({ data }) => data)).toEqual([
      { 'one.json': files['files/dashboards/one.json'] },
      { 'other.json': files['files/dashboards/other.json'] },
    ]);
  });
});

describe('its DaemonSets', async () => {
  const plain = await readYaml<IDaemonSet>('containers/daemonset.yaml');
  const withKeepalived = mergePatch(plain, await readYaml('containers/daemonset-keepalived.yaml'));
  const podOf = ({ spec }: IDaemonSet) => {
    const {
      containers = [],
      affinity: _,
      priorityClassName: __,
      imagePullSecrets: ___,
      ...pod
    } = spec?.template.spec ?? {};
    const [{ args: ____, image: _____, imagePullPolicy: ______, ports: _______, ...container } = { name: '' }] =
      containers;
    return { ...pod, container };
  };

  it('have the privilege, probes and resources of containers/', () => {
    expect(daemonSets('default').map(podOf)).toEqual([podOf(plain)]);
    expect(daemonSets('everything').map(podOf)).toEqual([podOf(plain), podOf(withKeepalived)]);
  });

  it('never share a node', () => {
    const terms = daemonSets('everything').map(
      ({ spec }) =>
        spec?.template.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms,
    );
    const { label: key } = variants.everything.directors;
    expect(terms).toEqual(['DoesNotExist', 'Exists'].map((operator) => [{ matchExpressions: [{ key, operator }] }]));
    const selectors = daemonSets('everything').map(({ spec }) => JSON.stringify(spec?.selector.matchLabels));
    expect(new Set(selectors).size).toBe(2);
  });

  it('start the program with flags that it takes, at the port that is scraped', () => {
    for (const { spec } of [...daemonSets('default'), ...daemonSets('everything')]) {
      const [container] = spec?.template.spec?.containers ?? [];
      const port = container?.ports?.[0]?.containerPort;
      expect(readConfig(container?.args ?? [])).toMatchObject({ listenAddresses: [{ port }] });
      expect(container?.image).toMatch(/:(1\.2\.3|2\.0\.0)$/);
    }
  });
});

describe('the schema of its values', () => {
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')));
  const accepts = (change: object) => schema.safeParse({ ...values, ...change }).success;

  it('lists every value that there is', () => {
    const { properties } = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8'));
    expect(
      Object.keys(properties)
        .filter((name) => name !== 'global')
        .sort(),
    ).toEqual(Object.keys(values).sort());
  });

  it.each(Object.entries(variants))('accepts %s', (_, variant) => {
    expect(accepts(variant)).toBe(true);
  });

  it.each([
    { tolerationz: [] },
    { port: '10044' },
    { port: 0 },
    { args: ['collector.ipvs.aggregate'] },
    { image: { repository: '' } },
    { podMonitor: { enabled: true, interval: '15' } },
    { directors: { enabled: 'yes' } },
  ])('refuses %j', (change) => {
    expect(accepts(change)).toBe(false);
  });
});
