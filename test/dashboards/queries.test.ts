import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFullHistory } from '../../dashboards/preview/history.ts';
import { madeSamples } from '../../dashboards/preview/made-samples.ts';
import { all, resolve } from '../../dashboards/preview/resolve.ts';
import { dashboards } from '../../dashboards/src/index.ts';
import type { LabHistory } from '../../scripts/lab-history.ts';
import { needs } from '../needs.ts';
import { emptyQueries } from './empty-queries.ts';
import { queriesOf, variablesOf } from './expressions.ts';

const queries = dashboards.flatMap((dashboard) =>
  queriesOf(dashboard).map(({ where, expr }) => ({ name: `${dashboard.uid} ${where}`, expr })),
);
const variables = dashboards.flatMap((dashboard) =>
  variablesOf(dashboard).map(({ where, expr, label }) => ({ name: `${dashboard.uid} ${where}`, expr, label })),
);

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

  it.each(emptyQueries)('$query has nothing: $reason', ({ query }) => {
    expect(queries.filter(({ name }) => query.test(name))).not.toEqual([]);
  });

  it.each(variables)('$name', async ({ expr, label }) => {
    expect(await history.prometheus.labelValues(label, send(expr), history.range)).not.toEqual([]);
  });

  it.each(madeSamples)('$name of $machine was not recorded, and has to be made', async ({ name, machine }) => {
    expect(await hasData(`${name}{instance="${machine}",made=""}`)).toBe(false);
    expect(await hasData(`${name}{instance="${machine}",made="yes"}`)).toBe(true);
  });
});
