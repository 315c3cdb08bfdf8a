import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import type { Finding } from '../../../src/diagnosis/finding.ts';
import { isNone } from '../../../src/diagnosis/remedy.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

const seconds = (at: number) => `lvs_exporter_collector_last_success_timestamp_seconds{collector="firewall"} ${at}\n`;
const dropping = 'firewall_drops_neighbours_info{tool="ip6tables",chain="filter INPUT"} 1\n';

/** Ten seconds. */
function find(solicitations: number, advertisements: number, more: string = dropping): Finding | undefined {
  const at = (sent: number, received: number) =>
    samplesOf(`${more}firewall_neighbour_messages_total{message="solicitation_sent"} ${sent}
      firewall_neighbour_messages_total{message="advertisement_received"} ${received}\n`);
  const [first, last] = [samplesOf(seconds(10)), samplesOf(seconds(20))];
  return diagnose([...last, ...at(7 + solicitations, 5 + advertisements)], [...first, ...at(7, 5)]).find(
    ({ id }) => id === 'neighbours-refused',
  );
}

describe('neighbours-refused', () => {
  it('is critical where a host asks, hears nothing, and drops every reply', () => {
    expect(find(4, 0)).toMatchObject({ severity: 'critical', numbers: { sentPackets: 4 } });
  });

  it('is silent where a reply arrives, where the host hardly asks, and where no chain drops them', () => {
    expect([find(40, 1), find(3, 0), find(40, 0, '')]).toEqual([undefined, undefined, undefined]);
  });
});

const rules = {
  ip6tables: ['ip6tables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', 'ip6tables -P INPUT DROP'],
  nft: [
    "nft 'add table inet host; add chain inet host in { type filter hook input priority 0; policy drop; }'",
    'nft add rule inet host in ct state established,related,new accept',
  ],
} as const;

describe.each(['ip6tables', 'nft'] as const)('a router whose %s drops neighbour discovery', neededByHop, (tool) => {
  let hop: Hop;
  beforeAll(async () => {
    hop = await createHop('nd', 'ipv6');
  });
  afterAll(() => hop.end());

  it('forwards again after accept-neighbours, and no more after its undo', async () => {
    hop.type(rules[tool]);
    const forget = () => hop.type(['ip -6 neigh flush dev near; ip -6 neigh flush dev far']);
    const requests = () => hop.request(hop.addresses.server, serverPort, 5);
    forget();
    expect(requests()).toBe(0);
    const found = (await hop.readFirewall()).filter(({ metric }) =>
      metric.name.startsWith('firewall_drops_neighbours'),
    );
    expect(found).toHaveLength(1);
    const [chain = ''] = found.map(({ labels }) => labels.chain);
    const finding = find(4, 0, dropping.replace('filter INPUT', chain).replace('ip6tables', tool));
    const { commands, undo, verify } = remedyOf(finding, 'accept-neighbours');
    hop.type(commands);
    // What had no reply is asked for again after a second.
    for (let tries = 0; tries < 20 && requests() === 0; tries++) hop.run('client', 'ip -6 neigh flush dev eth0');
    expect(requests()).toBe(5);
    hop.type(verify);
    if (isNone(undo)) throw new Error('Expected an undo');
    hop.type(undo);
    forget();
    expect(requests()).toBe(0);
  });
});
