import { describe, expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert } from '../../alerts/src/rule.ts';
import { madeSamples } from '../../dashboards/preview/made-samples.ts';
import { dashboards } from '../../dashboards/src/index.ts';
import { defaultCollectors } from '../../src/collectors/index.ts';
import { createProcessMetrics } from '../../src/http/exposition.ts';
import { exporterMetrics } from '../../src/scrape/exporter-metrics.ts';
import { expressionsOf } from './expressions.ts';
import { selectorsOf } from './promql.ts';
import { unused } from './unused-metrics.ts';

const declarations = [...exporterMetrics, ...defaultCollectors.flatMap(({ metrics }) => metrics)];
const declared = declarations.map(({ name }) => name);
const rules = groups.flatMap((group) => group.rules);
const recorded = rules.flatMap((rule) => (isAlert(rule) ? [] : [rule.record]));
/** What Prometheus has of every target, and of its own alerts. */
const ofPrometheus = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped', 'ALERTS', 'ALERTS_FOR_STATE'];

const shown = new Set(dashboards.flatMap(expressionsOf).flatMap(({ expr }) => metricsOf(expr)));
const inRules = new Set(rules.flatMap(({ expr }) => metricsOf(expr)));

function metricsOf(expression: string): string[] {
  return selectorsOf(expression).map(({ metric }) => metric);
}

async function ofProcess(): Promise<string[]> {
  return [...new Set((await createProcessMetrics()()).map(({ metric }) => metric.name))];
}

describe.each(madeSamples)('$name, which is made', ({ name, labels = {} }) => {
  it('has the labels that are declared', () => {
    const metric = declarations.find((one) => one.name === name);
    expect(Object.keys(labels).sort()).toEqual([...(metric?.labels ?? ['no such metric'])].sort());
  });
});

describe('metrics', () => {
  it('that a dashboard asks for are declared, recorded by a rule, or of Prometheus', async () => {
    const known = new Set([...declared, ...recorded, ...ofPrometheus, ...(await ofProcess())]);
    expect([...shown].filter((name) => !known.has(name))).toEqual([]);
  });

  it('that are declared are used by a dashboard or a rule, or are left out for a reason', async () => {
    const exported = [...declared, ...(await ofProcess())];
    const left = exported.filter((name) => !shown.has(name) && !inRules.has(name));
    expect(left.filter((name) => !unused.some(({ metrics }) => metrics.test(name)))).toEqual([]);
  });

  it.each(unused)('$metrics are left out: $reason', async ({ metrics }) => {
    const exported = [...declared, ...(await ofProcess())].filter((name) => metrics.test(name));
    expect(exported).not.toEqual([]);
    expect(exported.filter((name) => shown.has(name) || inRules.has(name))).toEqual([]);
  });
});
