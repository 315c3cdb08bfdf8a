import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';

async function sourcesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  return Promise.all(names.map((name) => readFile(`${folder}/${name}`, 'utf8')));
}

async function textsIn(folder: string): Promise<string[]> {
  const texts = await sourcesIn(folder);
  return texts.flatMap((text) => text.match(/'[^'\n]+'/g) ?? []).map((text) => text.slice(1, -1));
}

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
