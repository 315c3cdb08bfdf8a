import { describe, expect, it } from 'vitest';
import { describeStatus } from '../../../src/page/model/status.ts';
import { destinationsSection } from '../../../src/page/sections/destinations.ts';
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

function section(labels?: Readonly<Record<string, string>>): string {
  const info = labels ? [series('conntrack_destination_info', 1, { ...destination, ...labels })] : [];
  const samples = [...table(900, 950, 30), ...info];
  const { destinations, tables } = describeStatus({ atSeconds: 0, samples }, undefined);
  return destinationsSection(destinations, tables)?.markup ?? '';
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

  it('has none elsewhere', () => {
    expect(section()).toContain('tcp 10.0.0.100:80');
    expect(section()).not.toContain('Who does it');
  });
});
