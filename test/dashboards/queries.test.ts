import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeOn, madeSamples, renderMade } from '../../dashboards/preview/made-samples.ts';
import { all, resolve } from '../../dashboards/preview/resolve.ts';
import { dashboards } from '../../dashboards/src/index.ts';
import { type LabHistory, startHistory } from '../../scripts/lab-history.ts';
import { havePrograms } from '../debian-package.ts';
import { emptyQueries } from './empty-queries.ts';
import { expressionsOf } from './expressions.ts';

const queries = dashboards.flatMap((dashboard) =>
  expressionsOf(dashboard).map(({ where, expr }) => ({ name: `${dashboard.uid} ${where}`, expr })),
);

describe.runIf(havePrograms('prometheus', 'promtool'))('of a Prometheus that scraped the lab', () => {
  let history: LabHistory;

  beforeAll(async () => {
    history = await startHistory(renderMade);
  }, 120_000);

  afterAll(() => history?.stop());

  async function hasData(expression: string): Promise<boolean> {
    const { prometheus, range } = history;
    const rangeSeconds = range.endSeconds - range.startSeconds;
    const setting = { scrapeSeconds: range.stepSeconds, rangeSeconds, picked: all };
    return (await prometheus.queryRange(resolve(expression, setting), range)).length > 0;
  }

  it.each(queries)('$name', async ({ name, expr }) => {
    const excuse = emptyQueries.find(({ query }) => query.test(name));
    expect(await hasData(expr)).toBe(excuse === undefined);
  });

  it.each(emptyQueries)('$query has nothing: $reason', ({ query }) => {
    expect(queries.filter(({ name }) => query.test(name))).not.toEqual([]);
  });

  it.each(madeSamples)('%s is in no recording, and has to be made', async (name, _value, _labels, machine = madeOn) => {
    expect(await hasData(`${name}{instance!="${machine}"}`)).toBe(false);
  });
});
