import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert } from '../../alerts/src/rule.ts';
import { anchorOf } from '../../scripts/document-page.ts';
import { commonOptions, serveOptions } from '../../src/cli/options.ts';
import { defaultCollectors } from '../../src/collectors/index.ts';
import { labelsOf } from './label-sets.ts';

const runbooks = (await readdir('docs/runbooks')).map((name) => join('docs/runbooks', name));
const documents = [...runbooks, 'docs/alerts.md', 'docs/remedies.md'];

it('There is a runbook for each alert and for nothing else', () => {
  const alerts = groups.flatMap(({ rules }) => rules.filter(isAlert)).map(({ alert }) => `docs/runbooks/${alert}.md`);
  expect(runbooks.toSorted()).toEqual([...new Set(alerts)].toSorted());
});

it.each(runbooks)('%s begins with what to do now', async (path) => {
  expect(await readFile(path, 'utf8')).toMatch(/^# \w+\n\n\*\*Act now:\*\* \S/);
});

it.each(documents)('%s leads to places that there are', async (path) => {
  const links = [...(await readFile(path, 'utf8')).matchAll(/\]\(([^):]*)\)/g)].map(([, link = '']) => link);
  for (const link of links) {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    await access(target);
    if (anchor !== undefined) expect(await anchorsOf(target), link).toContain(anchor);
  }
});

it.each(documents)('%s asks Prometheus for what there is', async (path) => {
  const text = await readFile(path, 'utf8');
  const queries = [...text.matchAll(/```promql\n(.*?)```/gs)].flatMap(([, lines = '']) => lines.trimEnd().split('\n'));
  for (const query of queries) expect(() => labelsOf(query), query).not.toThrow();
});

it.each(documents)('%s names flags that there are', async (path) => {
  const ofCollectors = defaultCollectors.flatMap(({ name }) => [
    `collector.${name}`,
    `no-collector.${name}`,
    `collector.${name}.schedule`,
  ]);
  const flags = ['no-collector.NAME', ...ofCollectors, ...Object.keys({ ...commonOptions, ...serveOptions })];
  const named = [...(await readFile(path, 'utf8')).matchAll(/--((?:no-)?(?:collector|upstream)[\w.-]*\w)/g)];
  expect(named.map(([, flag = '']) => flag).filter((flag) => !flags.includes(flag))).toEqual([]);
});

async function anchorsOf(path: string): Promise<string[]> {
  const headings = (await readFile(path, 'utf8')).split('\n').filter((line) => line.startsWith('#'));
  return headings.map((line) => anchorOf(line.replace(/^#+ /, '')));
}
