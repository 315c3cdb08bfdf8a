import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { acceptedMetricsPath, findBreaches, renderContracts } from '../scripts/accepted-metrics.ts';
import { counter, gauge } from '../src/scrape/metric.ts';

const drops = counter('table_drops_total', 'Dropped.', ['cpu', 'reason']);
const entries = gauge('table_entries', 'Entries.', ['protocol']);
const accepted = renderContracts([drops, entries]);

function named(present: readonly Parameters<typeof renderContracts>[0][number][], changelog = ''): string[] {
  return findBreaches(accepted, changelog, present).map(({ names }) => names.join(' '));
}

/** A changelog with these lines for what is not released yet. */
const unreleased = (...lines: readonly string[]) => `# Changelog\n\n## Unreleased\n\n${lines.join('\n')}\n`;

describe('findBreaches()', () => {
  it('finds nothing where nothing changed but what was added', () => {
    const more = [drops, gauge('table_entries', 'Other words.', ['zone', 'protocol']), gauge('table_limit', 'New.')];
    expect(named(more)).toEqual([]);
  });

  const renamed = gauge('table_flows', 'Entries.', ['protocol']);
  it.each([
    ['a metric that is gone', [drops], 'table_entries'],
    ['a metric that has another name', [drops, renamed], 'table_entries'],
    ['a metric of another type', [drops, { ...entries, type: 'counter' as const }], 'table_entries'],
    ['a label that is gone', [counter('table_drops_total', '', ['cpu']), entries], 'table_drops_total reason'],
    [
      'a label that has another name',
      [counter('table_drops_total', '', ['cpu', 'why']), entries],
      'table_drops_total reason',
    ],
  ])('finds %s', (_what, present, breach) => {
    expect(named(present)).toEqual([breach]);
    const names = breach.split(' ').map((name) => `\`${name}\``);
    expect(named(present, unreleased(`* [CHANGE] table: Not as it was:\n  ${names.join(' of ')}.`))).toEqual([]);
  });

  it.each([
    ['a line that is not marked', unreleased('* [FEATURE] table: `table_entries` is `table_flows`.')],
    [
      'a line about another metric',
      unreleased('* [CHANGE] table: `table_entries_limit` is gone.', '* [FEATURE] table: `table_entries`.'),
    ],
    [
      'a line of a version that was released',
      `${unreleased()}\n## 1.0.0\n\n* [CHANGE] table: \`table_entries\` is gone.\n`,
    ],
  ])('does not take %s for the reason', (_what, changelog) => {
    expect(named([drops, renamed], changelog)).toEqual(['table_entries']);
  });

  it('wants the label to be named, not the metric alone', () => {
    const without = [counter('table_drops_total', '', ['cpu']), entries];
    expect(named(without, unreleased('* [CHANGE] `table_drops_total` has other labels.'))).toEqual([
      'table_drops_total reason',
    ]);
  });
});

it('no metric or label that was accepted is broken without a line marked [CHANGE] in CHANGELOG.md that names it', async () => {
  const [text, changelog] = await Promise.all([
    readFile(acceptedMetricsPath, 'utf8'),
    readFile('CHANGELOG.md', 'utf8'),
  ]);
  expect(findBreaches(text, changelog).map(({ names }) => names.join(', label '))).toEqual([]);
});
