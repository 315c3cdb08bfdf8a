import { describe, expect, it } from 'vitest';
import { describeStatus } from '../../../src/page/model/status.ts';
import { destinationsSection } from '../../../src/page/sections/destinations.ts';
import type { Sample } from '../../../src/scrape/metric.ts';
import { series, table } from '../series.ts';

const destination = { protocol: 'tcp', address: '10.0.0.100', port: '80', zone: '0' };
const owner = {
  port_id: '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d',
  device: 'tap1a2b3c4d-5e',
  domain: 'instance-0000002a',
  vm: '<b>director</b>',
  project: 'web shop',
  evidence: 'zone',
};

function section(labels?: Readonly<Record<string, string>>, more: readonly Sample[] = []): string {
  const info = labels ? [series('conntrack_destination_info', 1, { ...destination, ...labels })] : [];
  const samples = [...table(900, 950, 30), ...info, ...more];
  const { destinations, sources, tables } = describeStatus({ atSeconds: 0, samples }, undefined);
  return destinationsSection(destinations, sources, tables)?.markup ?? '';
}

describe('destinationsSection()', () => {
  it('has a column for whose a destination is, where that is known', () => {
    expect(section(owner)).toContain(
      '<td role="cell" data-title="Who does it">&lt;b&gt;director&lt;/b&gt; <span class="note">project web shop, tap1a2b3c4d-5e</span></td>',
    );
    expect(section({ ...owner, vm: '', project: '' })).toContain(
      '>instance-0000002a <span class="note">tap1a2b3c4d-5e</span></td>',
    );
    expect(section({ ...owner, vm: '', domain: '', project: '' })).toContain(
      '>A port <span class="note">tap1a2b3c4d-5e</span></td>',
    );
  });

  it.each([
    [451, true],
    [450, false],
  ])('names a client that opened more than the largest destination has: %i of 1,000 entries', (entries, isNamed) => {
    const client = { address: '192.0.2.10', zone: '0' };
    const markup = section(undefined, [
      series('conntrack_source_entries', entries, client),
      series('conntrack_source_destinations', 195, client),
    ]);
    expect(markup.includes('<strong>192.0.2.10</strong>, with 451 entries (45 % of the limit) to 195 dest')).toBe(
      isNamed,
    );
    expect(markup.includes('192.0.2.10')).toBe(isNamed);
  });

  it.each([
    [1.0079, '1 destination'],
    [1.6, '2 destinations'],
  ])('counts %d destinations of a client, which are estimated', (destinations, words) => {
    const client = { address: '192.0.2.10', zone: '0' };
    const markup = section(undefined, [
      series('conntrack_source_entries', 451, client),
      series('conntrack_source_destinations', destinations, client),
    ]);
    expect(markup).toContain(` of the limit) to ${words}.</p>`);
  });

  it('has none elsewhere', () => {
    expect(section()).toContain('tcp 10.0.0.100:80');
    expect(section()).not.toContain('Who does it');
  });
});
