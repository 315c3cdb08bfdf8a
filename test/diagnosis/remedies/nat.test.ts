import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import type { Finding } from '../../../src/diagnosis/finding.ts';
import { isNone, type Remedy } from '../../../src/diagnosis/remedy.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

/** What the census reports about one-way flows to one destination. */
function flowsTo(labels: string): string {
  return `conntrack_entries 900
    conntrack_entries_limit 1000
    conntrack_buckets 1024
    conntrack_destination_entries{${labels}} 900
    conntrack_destination_unreplied_entries{${labels}} 900
    conntrack_destination_verdict{${labels},verdict="direct_return"} 1`;
}

function undoOf({ undo }: Remedy): readonly string[] {
  return isNone(undo) ? [] : undo;
}

const services = { ipv4: '203.0.113.7', ipv6: 'fd03::7' } as const;
const asked = 9;

describe.each([
  ['ipv4', 'iptables'],
  ['ipv4', 'nft'],
  ['ipv6', 'iptables'],
  ['ipv6', 'nft'],
] as const)('an address of %s that a rule of %s translates', neededByHop, (family, tool) => {
  const service = services[family];
  const labels = `protocol="tcp",address="${service}",port="80",zone="0"`;
  let hop: Hop;

  beforeAll(async () => {
    hop = await createHop('nat', family);
    const to = `${family === 'ipv6' ? `[${hop.addresses.server}]` : hop.addresses.server}:${serverPort}`;
    const ip = family === 'ipv6' ? 'ip6' : 'ip';
    hop.type(
      tool === 'iptables'
        ? [
            `${ip}tables -t nat -N SERVICE`,
            `${ip}tables -t nat -A PREROUTING -d ${service} -p tcp --dport 80 -j SERVICE`,
            `${ip}tables -t nat -A SERVICE -p tcp -j DNAT --to-destination ${to}`,
          ]
        : [
            `nft 'add table ${ip} n; add chain ${ip} n pre { type nat hook prerouting priority -100; }'`,
            `nft add rule ${ip} n pre ${ip} daddr ${service} tcp dport 80 dnat to ${to}`,
          ],
    );
  });
  afterAll(() => hop.end());

  const find = async (): Promise<Finding[]> => diagnose([...samplesOf(flowsTo(labels)), ...(await hop.readFirewall())]);
  const requests = () => hop.request(service, 80, asked);

  it('is never to be exempt from tracking', async () => {
    const offered = (await find()).flatMap(({ remedies }) => remedies.map(({ id }) => id));
    expect(offered.filter((id) => id.startsWith('notrack'))).toEqual([]);
    const counted = samplesOf(`${flowsTo(labels)}\nconntrack_destination_translated_entries{${labels}} 900`);
    const byCensus = diagnose(counted).flatMap(({ remedies }) => remedies.map(({ id }) => id));
    expect(byCensus.filter((id) => id.startsWith('notrack'))).toEqual([]);
  });

  it.each(['notrack-iptables', 'notrack-nftables'] as const)(
    'is down with %s, which is found and removed',
    async (id) => {
      await expect.poll(requests).toBe(asked);
      const [unaware] = diagnose(samplesOf(flowsTo(labels)));
      const harm = remedyOf(unaware, id);
      hop.type(harm.commands);
      expect(requests()).toBe(0);

      const [finding] = await find();
      expect(finding).toMatchObject({ id: 'notrack-breaks-nat', severity: 'critical' });
      const remedy = remedyOf(finding, 'remove-notrack');
      hop.type(remedy.commands);
      await expect.poll(requests).toBe(asked);
      expect((await find()).map((one) => one.id)).not.toContain('notrack-breaks-nat');

      hop.type(undoOf(remedy));
      expect(requests()).toBe(0);
      hop.type(undoOf(harm));
      await expect.poll(requests).toBe(asked);
    },
  );
});

describe.each(['ipv4', 'ipv6'] as const)('a tunnel over %s that the hop itself sends', neededByHop, (family) => {
  let hop: Hop;
  beforeAll(async () => {
    hop = await createHop('tunnel', family);
  });
  afterAll(() => hop.end());

  const send = () => hop.run('hop', `for n in {1..20}; do echo >/dev/udp/${hop.addresses.server}/4789; done`);
  const tracked = () => hop.list('-p udp').length;
  const find = async () => {
    const labels = `protocol="udp",address="${hop.addresses.server}",port="4789",zone="0"`;
    return diagnose([...samplesOf(flowsTo(labels)), ...(await hop.readFirewall())]);
  };

  it.each(['notrack-tunnels', 'notrack-tunnels-nftables'] as const)(
    'is tracked in spite of a rule in PREROUTING alone, which is found: %s',
    async (id) => {
      const program = family === 'ipv6' ? 'ip6tables' : 'iptables';
      const rule = `${program} -t raw -A PREROUTING -p udp --dport 4789 -j CT --notrack`;
      hop.type([rule]);
      send();
      // Two of them may have the same source port.
      expect(tracked()).toBeGreaterThan(15);
      const findings = await find();
      const useless = findings.find((one) => one.id === 'notrack-matches-nothing');
      hop.type(remedyOf(useless, 'look-at-notrack').commands);

      const remedy = remedyOf(useless, id);
      hop.type(remedy.commands);
      expect(tracked()).toBe(0);
      send();
      expect(tracked()).toBe(0);
      hop.type(remedy.verify);
      expect((await find()).map((one) => one.id)).not.toContain('notrack-matches-nothing');

      hop.type(undoOf(remedy));
      send();
      // Two of them may have the same source port.
      expect(tracked()).toBeGreaterThan(15);
      hop.type([rule.replace('-A', '-D')]);
    },
  );
});
