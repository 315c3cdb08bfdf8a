import { expect, it } from 'vitest';
import { renderCheck } from '../../src/diagnosis/report/check.ts';
import { createReport } from '../../src/diagnosis/report/report.ts';
import { samplesOf } from './samples.ts';

function check(...texts: readonly string[]): { readonly words: string; readonly data: readonly string[] } {
  const report = createReport({ atSeconds: 0, now: samplesOf(...texts), before: undefined, failures: new Map() });
  const [words = '', data = ''] = renderCheck(report).trimEnd().split(' | ');
  return { words, data: data.match(/(?:'[^']*'|[^ ])+/g) ?? [] };
}

const table = (labels: string, entries: number, limit: number) =>
  `conntrack_entries${labels} ${entries}\nconntrack_entries_limit${labels} ${limit}`;

it('has the values of every network namespace, with its name', () => {
  const { words, data } = check(table('', 10, 100), table('{netns="q=r\'1"}', 95, 100));
  expect(words).toMatch(/^LVS CRITICAL: /);
  expect(data).toEqual([
    'critical=1;;0;0',
    'warning=0;0;;0',
    'entries=10;;;0;100',
    'used=10%;75;90;0;100',
    "'q_r_1 entries'=95;;;0;100",
    "'q_r_1 used'=95%;75;90;0;100",
  ]);
});

it('leaves out what depends on a limit where there is none, and what is not known', () => {
  expect(check(table('', 10, 0)).data).toEqual(['critical=0;;0;0', 'warning=0;0;;0', 'entries=10;;;0;']);
});

it('stays below 4 KB, whatever the number of namespaces', () => {
  const names = Array.from({ length: 200 }, (_, n) => table(`{netns="/proc/${10_000 + n}/ns/net"}`, 10, 100));
  const report = createReport({
    atSeconds: 0,
    now: samplesOf(table('', 95, 100), ...names),
    before: undefined,
    failures: new Map(),
  });
  const line = renderCheck(report);
  expect(line.length).toBeLessThan(4096);
  expect(line).toMatch(/^LVS CRITICAL: [^|\n]+ \| critical=1;;0;0 [^|\n]+\n$/);
});

it('does not count what is worth knowing only', () => {
  const { words, data } = check('lvs_host_network_namespace 0');
  expect([words.split(':')[0], data]).toEqual(['LVS WARNING', ['critical=0;;0;0', 'warning=1;0;;0']]);
});
