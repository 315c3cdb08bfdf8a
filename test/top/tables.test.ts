import { describe, expect, it } from 'vitest';
import { describeStatus } from '../../src/page/model/status.ts';
import type { Sample } from '../../src/scrape/metric.ts';
import { createTables } from '../../src/top/tables.ts';
import { addedUp, service } from '../page/series.ts';

/** The first column. */
function realServers(samples: readonly Sample[]): unknown[] {
  const tables = createTables(describeStatus({ atSeconds: 0, samples }, undefined), () => undefined);
  return tables.find(({ title }) => title === 'real servers')?.rows.map(([first]) => first?.text) ?? [];
}

describe('createTables()', () => {
  it('names a real server by its address', () => {
    expect(realServers(service('80', 0, [3]))).toEqual(['10.0.1.1:80']);
  });

  it('names aggregated real servers as the page does', () => {
    expect(realServers(addedUp(service('80', 0, [3])))).toEqual(['All together']);
  });
});
