import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { samplesOf } from '../diagnosis/samples.ts';

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

describe('diagnose() on a compute node of OpenStack', () => {
  it('names who fills the table', () => {
    const [finding] = diagnose(tableOf(9500, info(director)));
    expect(finding?.title).toBe(
      'The connection tracking table is 95 % full, because of tcp 203.0.113.80:80 in zone 4097 (direct return, virtual machine director-1)',
    );
    expect(finding?.evidence).toContain(
      'Its port tap1a2b3c4d-5e (1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d): virtual machine director-1 (instance-0000002a), project web shop; known by the zone',
    );
  });

  it('names who sends through a single destination', () => {
    const [finding] = diagnose(tableOf(1000, info(director)));
    expect(finding?.subject).toBe('tcp 203.0.113.80:80 in zone 4097');
    expect(finding?.title).toBe(
      'Answers of tcp 203.0.113.80:80 in zone 4097 (virtual machine director-1) pass this machine by, and each of its connections leaves an entry here',
    );
    expect(finding?.evidence[1]).toMatch(/^Its port tap1a2b3c4d-5e .* known by the zone$/);
  });

  it.each([
    [
      'a virtual machine without Nova',
      'port_id="",device="vnet3",domain="web",vm="",vm_id="1",project="",project_id="",evidence="address"',
      '(virtual machine web)',
      'Its port vnet3: virtual machine web; known by the address',
    ],
    [
      'a port without a virtual machine that is known',
      'port_id="",device="tap1a2b3c4d-5e",domain="",vm="",vm_id="",project="",project_id="",evidence="zone"',
      '(port tap1a2b3c4d-5e)',
      'Its port tap1a2b3c4d-5e; known by the zone',
    ],
  ])('%s', (_what, labels, name, evidence) => {
    const [finding] = diagnose(tableOf(1000, info(labels)));
    expect(finding?.title).toContain(name);
    expect(finding?.evidence[1]).toBe(evidence);
  });

  it('says that an address alone is not certain in zone 0', () => {
    const inZone0 = [...tableOf(1000, info(director.replace('evidence="zone"', 'evidence="address"')))].map((one) =>
      one.labels.zone === undefined ? one : { ...one, labels: { ...one.labels, zone: '0' } },
    );
    expect(diagnose(inZone0)[0]?.evidence[1]).toMatch(
      /; known by the address, which another network may have as well$/,
    );
  });

  it('says how to find the port of which nothing is known, last of all', () => {
    const known = 'conntrack_zone_ports{vm="yes",zone="no"} 3';
    const lastOf = (...more: readonly string[]) => diagnose(tableOf(1000, ...more))[0]?.remedies.at(-1);
    expect(lastOf(known)).toMatchObject({
      title: 'Look through which tap the packets to tcp 203.0.113.80:80 in zone 4097 go: it is named after its port',
      by: 'operator',
      commands: ["timeout 10 tcpdump -n -i any -c 8 'dst host 203.0.113.80 and tcp dst port 80'"],
    });
    const others = /^Look through which tap/;
    expect(lastOf(known, info(director))?.title).not.toMatch(others);
    expect(lastOf('conntrack_zone_ports{vm="yes",zone="no"} 0')?.title).not.toMatch(others);
    expect(lastOf()?.title).not.toMatch(others);
  });
});
