import { expect, it } from 'vitest';
import { describeStatus } from '../../../src/page/model/status.ts';
import { holdersSection } from '../../../src/page/sections/holders.ts';
import { series } from '../series.ts';

it.each([
  ['2', 'igmp'],
  ['103', 'protocol 103'],
])('names protocol %s, which has no states, %s', (protocol, name) => {
  const state = series('conntrack_table_entries', 5, { protocol, state: '', replied: 'no', assured: 'no' });
  const status = describeStatus({ atSeconds: 0, samples: [state] }, undefined);
  expect(String(holdersSection(status, status.tables)?.markup)).toMatch(new RegExp(`>\\s*${name}\\s*<`));
});
