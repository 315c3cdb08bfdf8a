import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { groups } from '../alerts/src/groups.ts';
import { isAlert } from '../alerts/src/rule.ts';
import { dashboards } from '../dashboards/src/index.ts';
import { defaultCollectors } from '../src/collectors/index.ts';
import { createProcessMetrics } from '../src/http/exposition.ts';
import { exporterMetrics } from '../src/scrape/exporter-metrics.ts';
import { expressionsOf } from './dashboards/expressions.ts';
import { selectorsOf } from './dashboards/promql.ts';
import { needs } from './needs.ts';

const run = promisify(execFile);

interface Relabelling {
  readonly source_labels: readonly string[];
  readonly regex?: string;
  readonly modulus?: number;
  readonly action: string;
}

interface Piece {
  readonly scrape_configs?: readonly {
    readonly metric_relabel_configs?: readonly Relabelling[];
    readonly relabel_configs?: readonly Relabelling[];
  }[];
  readonly remote_write?: readonly { readonly write_relabel_configs: readonly Relabelling[] }[];
}

const text = await readFile('docs/scale.md', 'utf8');
/** The pieces of configuration in docs/scale.md. */
const pieces = [...text.matchAll(/^ *```yaml\n(.*?)^ *```/gms)].map(([, yaml = '']): Piece => parse(yaml));
const scrapes = pieces.flatMap(({ scrape_configs = [] }) => scrape_configs);

const rules = groups.flatMap((group) => group.rules);
const metricsOf = (expression: string) => selectorsOf(expression).map(({ metric }) => metric);
const used = new Set([
  ...dashboards.flatMap(expressionsOf).flatMap(({ expr }) => metricsOf(expr)),
  ...rules.flatMap(({ expr }) => metricsOf(expr)),
]);
const exported = [
  ...[...exporterMetrics, ...defaultCollectors.flatMap(({ metrics }) => metrics)].map(({ name }) => name),
  ...(await createProcessMetrics()()).map(({ metric }) => metric.name),
];

/** As Prometheus applies it: to the whole name. */
function matches([one]: readonly Relabelling[] = []): (name: string) => boolean {
  const regex = new RegExp(`^(?:${one?.regex})$`);
  return (name) => regex.test(name);
}

describe('docs/scale.md', () => {
  it('has configuration that Prometheus takes', needs('promtool'), async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lvs-exporter-scale-'));
    try {
      expect(pieces).toHaveLength(3);
      for (const [index, piece] of pieces.entries()) {
        const file = join(folder, `${index}.yml`);
        await writeFile(file, stringify(piece));
        const { stdout } = await run('promtool', ['check', 'config', file]);
        expect(stdout).toContain('SUCCESS');
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('drops nothing that a rule or a dashboard uses, and all of the process that none does', () => {
    const isDropped = matches(scrapes.flatMap(({ metric_relabel_configs = [] }) => metric_relabel_configs));
    expect([...used].filter(isDropped)).toEqual([]);
    const ofProcess = exported.filter((name) => /^(nodejs|process)_/.test(name) && !used.has(name));
    expect(ofProcess.filter((name) => !isDropped(name))).toEqual([]);
  });

  it('sends on all that is recorded, and what the overview shows', () => {
    const isSent = matches(pieces.flatMap(({ remote_write = [] }) => remote_write)[0]?.write_relabel_configs);
    const recorded = rules.flatMap((rule) => (isAlert(rule) ? [] : [rule.record]));
    expect(recorded.filter((name) => !isSent(name))).toEqual([]);
    const overview = dashboards.filter(({ uid }) => uid === 'lvs-overview').flatMap(expressionsOf);
    const shown = overview.flatMap(({ expr }) => metricsOf(expr));
    expect(shown.length).toBeGreaterThan(10);
    expect([...new Set(shown)].filter((name) => !isSent(name)).sort()).toEqual([]);
  });

  it('divides by what the directors of a pair have in common', () => {
    const relabellings = scrapes.flatMap(({ relabel_configs = [] }) => relabel_configs);
    expect(relabellings.find(({ action }) => action === 'hashmod')?.source_labels).toEqual(['cluster']);
  });
});
