import { describe, expect, it } from 'vitest';
import { moreMarkup } from '../../../src/page/markup/more.ts';
import { describeStatus } from '../../../src/page/model/status.ts';
import { holdersSection } from '../../../src/page/sections/holders.ts';
import { series } from '../series.ts';

const metrics = 'see <a href="metrics">the metrics</a>.</p>';

describe('moreMarkup()', () => {
  it.each([
    [20, 20, undefined],
    [21, 20, `<p>And 1 more: ${metrics}`],
    [2807, 10, `<p>And 2,797 more: ${metrics}`],
  ])('of %d with %d shown is %j', (all, shown, markup) => {
    expect(moreMarkup(all, shown)?.markup).toBe(markup);
  });
});

it('counts the sources beside those listed, which are in the metrics only with a flag', () => {
  const sources = Array.from({ length: 14 }, (_, host) =>
    series('conntrack_source_entries', 5, { address: `192.0.2.${host}`, zone: '0' }),
  );
  const state = series('conntrack_table_entries', 70, { protocol: 'tcp', state: 'NONE', replied: 'no', assured: 'no' });
  const status = describeStatus({ atSeconds: 0, samples: [...sources, state] }, undefined);
  expect(String(holdersSection(status, status.tables)?.markup)).toContain(
    '<p>And 4 more: <code>--collector.conntrack-table.sources</code> exports them.</p>',
  );
});

it('counts the zones that a compute node has beside those listed', () => {
  const zones = Array.from({ length: 400 }, (_, zone) => series('conntrack_zone_entries', 5, { zone: `${zone}` }));
  const state = series('conntrack_table_entries', 5, { protocol: 'tcp', state: 'NONE', replied: 'no', assured: 'no' });
  const status = describeStatus({ atSeconds: 0, samples: [...zones, state] }, undefined);
  expect(String(holdersSection(status, status.tables)?.markup)).toContain('And 390 more');
});
