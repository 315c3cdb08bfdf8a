import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { culpritsOf } from '../../src/diagnosis/finding.ts';
import { describeOwner } from '../../src/diagnosis/text/subject.ts';
import { samplesOf } from './samples.ts';

const destination = 'protocol="tcp",address="203.0.113.80",port="80",zone="4097"';

/** A table that this destination fills, or does not. */
function tableOf(entries: number, ...more: readonly string[]) {
  return samplesOf(
    `conntrack_entries ${entries}
    conntrack_entries_limit 10000
    conntrack_destination_entries{${destination}} 900
    conntrack_destination_unreplied_entries{${destination}} 900
    conntrack_destination_verdict{${destination},verdict="direct_return"} 1`,
    ...more,
  );
}

function info(labels: string): string {
  return `conntrack_destination_info{${destination},${labels}} 1`;
}

const director =
  'port_id="1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d",device="tap1a2b3c4d-5e",domain="instance-0000002a",vm="director-1",vm_id="3d7e",project="web shop",project_id="5128",evidence="zone"';

const portOfDirector = {
  portId: '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d',
  device: 'tap1a2b3c4d-5e',
  domain: 'instance-0000002a',
  vm: 'director-1',
  project: 'web shop',
  evidence: 'zone',
};

describe('diagnose() on a compute node of OpenStack', () => {
  it('names who fills the table', () => {
    const [finding] = diagnose(tableOf(9500, info(director)));
    expect(finding && culpritsOf(finding)[0]?.subject.owner).toEqual(portOfDirector);
  });

  it('names who sends through a single destination', () => {
    expect(diagnose(tableOf(1000, info(director)))[0]?.subject).toEqual({
      destination: { protocol: 'tcp', address: '203.0.113.80', port: '80', zone: '4097' },
      owner: portOfDirector,
    });
  });

  it('reports how to find the port of which nothing is known', () => {
    const known = 'conntrack_zone_ports{vm="yes",zone="no"} 3';
    const search = (...more: readonly string[]) =>
      diagnose(tableOf(1000, ...more))[0]?.remedies.filter(({ id }) => id === 'find-port');
    expect(search(known)).toMatchObject([
      {
        owner: 'operator',
        effect: 'look',
        commands: ["timeout 10 tcpdump -n -i any -c 8 'dst host 203.0.113.80 and tcp dst port 80'"],
      },
    ]);
    expect(search(known, info(director))).toEqual([]);
    expect(search('conntrack_zone_ports{vm="yes",zone="no"} 0')).toEqual([]);
    expect(search()).toEqual([]);
  });
});

describe('describeOwner()', () => {
  const destination = { protocol: 'tcp', address: '203.0.113.80', port: '80', zone: '4097' };
  const unknown = { portId: '', device: 'vnet3', domain: '', vm: '', project: '', evidence: 'address' };

  it.each([
    ['a virtual machine that Nova named', portOfDirector, ['director-1', 'instance-0000002a', 'web shop', '1a2b3c4d']],
    ['a virtual machine without Nova', { ...unknown, domain: 'web' }, ['vnet3', 'virtual machine web']],
    ['a port without a virtual machine that is known', unknown, ['vnet3']],
  ])('%s', (_what, owner, names) => {
    const [sentence, ...others] = describeOwner({ destination, owner });
    expect(others).toEqual([]);
    for (const name of names) expect(sentence).toContain(name);
  });

  it('reports that an address alone is not certain in zone 0', () => {
    const inZone = (zone: string) => describeOwner({ destination: { ...destination, zone }, owner: unknown })[0];
    expect(inZone('0')).not.toBe(inZone('4097'));
  });
});
