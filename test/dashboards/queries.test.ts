import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert } from '../../alerts/src/rule.ts';
import { startFullHistory } from '../../dashboards/preview/history.ts';
import { mapped } from '../../dashboards/preview/look.ts';
import { madeSamples } from '../../dashboards/preview/made-samples.ts';
import { all, resolve } from '../../dashboards/preview/resolve.ts';
import { dashboards } from '../../dashboards/src/index.ts';
import { type HistoryPrometheus, queryRange } from '../../scripts/history-prometheus.ts';
import type { LabHistory } from '../../scripts/lab-history.ts';
import { startVictoriaMetrics, type VictoriaMetrics } from '../../scripts/victoria-metrics.ts';
import { newerPrometheus } from '../needed-conditions.ts';
import { needs } from '../needs.ts';
import { emptyQueries } from './empty-queries.ts';
import { panelsOf, queriesOf, variablesOf } from './expressions.ts';
import { newerAnswers, otherAnswers } from './other-answers.ts';
import { copySamples, findDifferences } from './same-answers.ts';

const queries = dashboards.flatMap((dashboard) =>
  queriesOf(dashboard).map(({ where, expr }) => ({ name: `${dashboard.uid} ${where}`, expr })),
);
const variables = dashboards.flatMap((dashboard) =>
  variablesOf(dashboard).map(({ where, ...rest }) => ({ name: `${dashboard.uid} ${where}`, ...rest })),
);

/** Those of repeated rows are for one machine. */
const charts = dashboards.flatMap((dashboard) =>
  panelsOf(dashboard)
    .filter(({ targets }) => targets.some(({ range, expr }) => range && !expr.includes('$fullest')))
    .map(({ title, targets }) => ({ name: `${dashboard.uid} ${title}`, targets })),
);

/** Panels whose values are shown as words. */
const worded = dashboards.flatMap((dashboard) =>
  panelsOf(dashboard).flatMap(({ type, title, targets, fieldConfig }) =>
    type === 'state-timeline'
      ? targets.map(({ refId, expr }) => ({
          name: `${dashboard.uid} ${title} ${refId}`,
          expr,
          mappings: fieldConfig.defaults.mappings ?? [],
        }))
      : [],
  ),
);

const ruleQueries = groups.flatMap(({ name, rules }) =>
  rules.map((rule, index) => ({
    name: `${name} ${index} ${isAlert(rule) ? `${rule.alert} ${rule.severity}` : rule.record}`,
    expr: rule.expr,
  })),
);

/** A rate needs as many. Before, the two guess differently what was before the first sample. */
const scrapesOfWindow = 5;

describe('of a Prometheus that scraped the recordings', needs('prometheus', 'promtool'), () => {
  let history: LabHistory;

  beforeAll(async () => {
    history = await startFullHistory();
  });

  afterAll(() => history?.stop());

  function send(expression: string): string {
    const { startSeconds, endSeconds, stepSeconds } = history.range;
    return resolve(expression, { scrapeSeconds: stepSeconds, rangeSeconds: endSeconds - startSeconds, picked: all });
  }

  async function hasData(expression: string): Promise<boolean> {
    return (await history.prometheus.queryRange(send(expression), history.range)).length > 0;
  }

  it.each(queries)('$name', async ({ name, expr }) => {
    const excuse = emptyQueries.find(({ query }) => query.test(name));
    expect(await hasData(expr)).toBe(excuse === undefined);
  });

  it.each(charts)('names of $name distinguish its lines', async ({ targets }) => {
    const names = await Promise.all(
      targets.map(async ({ expr, legendFormat = '' }) => {
        const lines = await history.prometheus.queryRange(send(expr), history.range);
        return lines.map(({ labels }) => legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label) => labels[label] ?? ''));
      }),
    );
    const all = names.flat();
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
  });

  it.each(worded)('$name has words for each of its values', async ({ expr, mappings }) => {
    const series = await history.prometheus.queryRange(send(expr), history.range);
    const values = new Set(series.flatMap(({ points }) => points.map(([, value]) => String(value))));
    expect([...values].filter((value) => mapped(mappings, value) === undefined)).toEqual([]);
  });

  it.each(emptyQueries)('$query has nothing: $reason', ({ query }) => {
    expect(queries.filter(({ name }) => query.test(name))).not.toEqual([]);
  });

  it.each(variables)('$name', async ({ expr, label, isResult }) => {
    const values = isResult
      ? (await history.prometheus.queryRange(send(expr), history.range)).map(({ labels }) => labels[label])
      : await history.prometheus.labelValues(label, send(expr), history.range);
    expect(values.filter(Boolean)).not.toEqual([]);
  });

  it.each(madeSamples)('$name of $machine was not recorded, and must be written', async ({ name, machine }) => {
    expect(await hasData(`${name}{instance="${machine}",made=""}`)).toBe(false);
    expect(await hasData(`${name}{instance="${machine}",made="yes"}`)).toBe(true);
  });

  describe('Prometheus 3, with the same samples, gives the same', needs('Prometheus 3'), () => {
    let newer: Pick<HistoryPrometheus, 'url' | 'stop'>;

    beforeAll(async () => {
      newer = await history.prometheus.startOther(newerPrometheus);
    });

    afterAll(() => newer?.stop());

    it.each([...queries, ...ruleQueries])('$name', async ({ name, expr }) => {
      const { startSeconds, endSeconds, stepSeconds } = history.range;
      // Between two scrapes: at the moment of one, a window of Prometheus 3 has one sample less.
      const first = startSeconds + scrapesOfWindow * stepSeconds + 1;
      const range = { startSeconds: first, endSeconds: endSeconds - 1, stepSeconds };
      const [one, other] = await Promise.all([
        history.prometheus.queryRange(send(expr), range),
        queryRange(newer.url, send(expr), range),
      ]);
      const hasOther = newerAnswers.some(({ query }) => query.test(name));
      expect(findDifferences(one, other).slice(0, 5)).toEqual(
        hasOther ? expect.arrayContaining([expect.any(String)]) : [],
      );
    });
  });

  describe('VictoriaMetrics, with the same samples, gives the same', needs('victoria-metrics'), () => {
    let victoria: VictoriaMetrics;

    beforeAll(async () => {
      // By default, a series without a staleness marker ends after two scrapes, and not after five minutes.
      victoria = await startVictoriaMetrics('-search.maxStalenessInterval=5m');
      await copySamples(history, victoria.url);
    });

    afterAll(() => victoria?.stop());

    it.each([...queries, ...ruleQueries])('$name', async ({ name, expr }) => {
      const { startSeconds, stepSeconds } = history.range;
      const range = { ...history.range, startSeconds: startSeconds + scrapesOfWindow * stepSeconds };
      const [one, other] = await Promise.all([
        history.prometheus.queryRange(send(expr), range),
        queryRange(victoria.url, send(expr), range, { nocache: '1' }),
      ]);
      const hasOther = otherAnswers.some(({ query }) => query.test(name));
      expect(findDifferences(one, other).slice(0, 5)).toEqual(
        hasOther ? expect.arrayContaining([expect.any(String)]) : [],
      );
    });

    it.each(otherAnswers)('$query has another answer: $reason', ({ query }) => {
      expect([...queries, ...ruleQueries].filter(({ name }) => query.test(name))).not.toEqual([]);
    });
  });
});
