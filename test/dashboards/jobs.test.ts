import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolve } from '../../dashboards/preview/resolve.ts';
import { dashboards } from '../../dashboards/src/index.ts';
import type { HistoryPrometheus } from '../../scripts/history-prometheus.ts';
import { needs } from '../needs.ts';
import { expressionOf, variablesOf } from './expressions.ts';
import { startWritten, written } from './written-history.ts';

const metrics = { lvs_exporter_build_info: 1, conntrack_entries: 500, conntrack_entries_limit: 1000 };

function scraped(cluster: string, job: string, instance: string) {
  return Object.entries(metrics).map(([name, value]) => ({ name, value, labels: { cluster, job, instance } }));
}

describe('a machine that two jobs have', needs('prometheus', 'promtool'), () => {
  let prometheus: HistoryPrometheus;

  beforeAll(async () => {
    prometheus = await startWritten([
      ...scraped('two jobs', 'host', 'lb1'),
      ...scraped('two jobs', 'guest', 'lb1'),
      ...scraped('one job', 'host', 'lb1'),
      ...scraped('one job', 'host', 'lb2'),
    ]);
  });

  afterAll(() => prometheus?.stop());

  async function query(expr: string, picked: Readonly<Record<string, string>>) {
    const setting = { scrapeSeconds: 15, rangeSeconds: 3600, picked };
    const latest = { ...written, startSeconds: written.endSeconds };
    return (await prometheus.queryRange(resolve(expr, setting), latest)).map(({ labels }) => labels);
  }

  describe.each(dashboards)('$title', (dashboard) => {
    it.each([
      [{ cluster: 'two jobs' }, 'job'],
      [{ cluster: 'two jobs', job: 'host' }, 'none'],
      [{ cluster: 'one job' }, 'none'],
      [{ cluster: 'no exporter' }, 'none'],
    ])('distinguishes machines of %j by %s', async (picked, label) => {
      const { expr = '' } = variablesOf(dashboard).find(({ where }) => where === 'variable apart') ?? {};
      expect(await query(expr, picked)).toEqual([{ apart: label }]);
    });
  });

  it('has a row for each job', async () => {
    const table = expressionOf('lvs-overview', 'Connection tracking tables A');
    expect(await query(table, { cluster: 'two jobs', apart: 'job' })).toHaveLength(2);
    expect(await query(table, { cluster: 'one job' })).toHaveLength(2);
  });
});
