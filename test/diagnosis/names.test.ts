import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
import { firewall } from '../../src/collectors/firewall.ts';
import { defaultCollectors } from '../../src/collectors/index.ts';
import { exporterMetrics } from '../../src/scrape/exporter-metrics.ts';

async function sourcesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  return Promise.all(names.map((name) => readFile(`${folder}/${name}`, 'utf8')));
}

/** Metrics are asked for by name, so that findings need no collector. */
async function textsIn(folder: string): Promise<string[]> {
  const texts = await sourcesIn(folder);
  return texts.flatMap((text) => text.match(/'[^'\n]+'/g) ?? []).map((text) => text.slice(1, -1));
}

const isMetric = (text: string) => /^(conntrack|ipvs|keepalived|lvs|network|firewall)_[a-z_]+$/.test(text);

it('the findings and the plan read only metrics that there are', async () => {
  const collected = [...defaultCollectors, firewall].flatMap(({ metrics }) => metrics);
  const known = new Set([...exporterMetrics, ...collected].map(({ name }) => name));
  const folders = ['src/diagnosis', 'src/readings', 'src/plan'];
  const asked = (await Promise.all(folders.map(textsIn))).flat().filter(isMetric);
  expect(asked.length).toBeGreaterThan(50);
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});

it('a runbook is that of an alert', async () => {
  const alerts = new Set(groups.flatMap(({ rules }) => rules.map((rule) => ('alert' in rule ? rule.alert : ''))));
  const runbooks = (await textsIn('src/diagnosis')).filter((text) =>
    /^(Conntrack|Ipvs|Keepalived|LvsExporter)\w+$/.test(text),
  );
  expect(runbooks.length).toBeGreaterThan(10);
  expect(runbooks.filter((name) => !alerts.has(name))).toEqual([]);
});

it('docs/diagnose.md has every finding', async () => {
  const lines = (await sourcesIn('src/diagnosis')).join('\n').match(/^ +id: .*'.*$/gm) ?? [];
  const ids = lines.flatMap((line) => line.match(/(?<=')[a-z-]+(?=')/g) ?? []);
  const table = (await readFile('docs/diagnose.md', 'utf8')).match(/^\| `.*$/gm) ?? [];
  const documented = table.flatMap((row) => row.split('|')[1]?.match(/(?<=`)[a-z-]+(?=`)/g) ?? []);
  expect(documented.sort()).toEqual([...new Set(ids)].sort());
});
