import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert } from '../../alerts/src/rule.ts';

const runbooks = (await readdir('docs/runbooks')).map((name) => join('docs/runbooks', name));

it('There is a runbook for each alert and for nothing else', () => {
  const alerts = groups.flatMap(({ rules }) => rules.filter(isAlert)).map(({ alert }) => `docs/runbooks/${alert}.md`);
  expect(runbooks.toSorted()).toEqual([...new Set(alerts)].toSorted());
});

it.each(runbooks)('%s begins with what to do now', async (path) => {
  expect(await readFile(path, 'utf8')).toMatch(/^# \w+\n\n\*\*Act now:\*\* \S/);
});
