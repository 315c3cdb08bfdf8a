import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert } from '../../alerts/src/rule.ts';
import { anchorOf } from '../../scripts/document-page.ts';
import { createProcessMetrics } from '../../src/http/exposition.ts';
import { labelsOf } from '../alerts/label-sets.ts';
import { descend, parsePromql } from '../alerts/promql.ts';
import { blocksOf, codeSpansOf, documents, proseOf } from './markdown.ts';

const contract = readFileSync('docs/metrics.txt', 'utf8')
  .split('\n')
  .map((line) => line.split(' ')[0] ?? '');
const ofProcess = (await createProcessMetrics()()).map(({ metric }) => metric.name);
const recorded = groups.flatMap(({ rules }) => rules.flatMap((rule) => (isAlert(rule) ? [] : [rule.record])));
const series: ReadonlySet<string> = new Set([...contract, ...ofProcess, ...recorded]);

/** What other programs and files name: words of configurations, series of other exporters, variables of the role. */
const foreign =
  /^(node_|keepalived_(exporter|script|check)\b|keepalived_gratuitous_arp_delay_total|conntrack_allowance_)/;
const others = [
  'alerts/migration.rules.yml',
  'contrib/ansible/playbook.yml',
  'contrib/ansible/roles/lvs_exporter/defaults/main.yml',
  'src/collectors/ethtool-metrics.ts',
];
const words = new Set(others.flatMap((path) => readFileSync(path, 'utf8').match(/\w+/g) ?? []));

/** An expression over several lines, or one on each line. */
function expressionsOf(block: string): string[] {
  const isWhole = descend(parsePromql(block)).every(({ name }) => name !== '⚠');
  return isWhole ? [block] : block.trimEnd().split('\n');
}

/** Why Prometheus would refuse an expression, or find nothing. Labels of metrics of others are not known. */
function findFault(expression: string): string | undefined {
  const nodes = descend(parsePromql(expression));
  if (nodes.some(({ name }) => name === '⚠')) return `not PromQL: ${expression}`;
  if (nodes.some(({ name, text }) => name === 'Identifier' && foreign.test(text))) return undefined;
  try {
    labelsOf(expression);
    return undefined;
  } catch (error) {
    // That two vectors differ is a fault in a rule, and the point of a query with "or".
    return error instanceof ReferenceError ? String(error) : undefined;
  }
}

function exists(path: string): boolean {
  if (!path.includes('*')) return existsSync(path);
  const pattern = new RegExp(`^${basename(path).replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  return existsSync(dirname(path)) && readdirSync(dirname(path)).some((name) => pattern.test(name));
}

function anchorsOf(path: string): string[] {
  const headings = proseOf(path)
    .split('\n')
    .filter((line) => line.startsWith('#'));
  return headings.map((line) => anchorOf(line.replace(/^#+ /, '')));
}

describe.each(documents)('%s', (path) => {
  it('has queries that find something in Prometheus', () => {
    const blocks = blocksOf(path).filter(({ language }) => language === 'promql');
    expect(blocks.flatMap(({ text }) => expressionsOf(text)).flatMap((one) => findFault(one) ?? [])).toEqual([]);
  });

  it('names metrics that exist', () => {
    const named = codeSpansOf(path).flatMap((span) => {
      const [, name = ''] =
        /^((?:conntrack|ipvs|keepalived|lvs|network|ethtool|process|nodejs)_\w+)(?:\{.*\})?$/.exec(span) ?? [];
      return name === '' || foreign.test(name) ? [] : [name];
    });
    expect(named.filter((name) => !series.has(name) && !words.has(name))).toEqual([]);
  });

  it('leads to files and headings that exist', () => {
    for (const [, link = ''] of proseOf(path).matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      expect(existsSync(target), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(target), link).toContain(anchor);
    }
  });

  it('names files of the project that exist', () => {
    const folders =
      'alerts|bench|charts|containers|contrib|dashboards|docs|grafana\\.com|lab|packaging|scripts|src|test';
    const named = readFileSync(path, 'utf8').matchAll(new RegExp(`(?<![\\w./-])(?:${folders})/[\\w./*-]*[\\w*/]`, 'g'));
    expect([...named].map(([file]) => file).filter((file) => !exists(file))).toEqual([]);
  });
});

describe('findFault()', () => {
  it.each(['sum by (instance (up)', 'conntrack_nothing', 'conntrack_entries{nothing="1"}'])('refuses %s', (query) => {
    expect(findFault(query)).not.toBeUndefined();
  });
});
