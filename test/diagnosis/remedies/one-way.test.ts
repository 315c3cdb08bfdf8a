import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteAccept, insertAccept, showChain } from '../../../src/diagnosis/commands/chain.ts';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import type { RemedyId } from '../../../src/diagnosis/remedies/index.ts';
import { isNone } from '../../../src/diagnosis/remedy.ts';
import type { Sample } from '../../../src/scrape/metric.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

/** More than a few, as INVALID packets of other causes are. */
const asked = 12;

/** Firewalls that drop what belongs to no connection: how each is set up, and taken back, and whether it lets exempted packets pass. */
const firewalls = [
  ['nft', 'nft insert rule inet t f ct state invalid counter drop', true],
  ['nft', 'nft add rule inet t f ct state new accept; nft add rule inet t f counter drop', false],
  ['iptables', 'TOOL -N GUARD; TOOL -A GUARD -m conntrack --ctstate INVALID -j DROP; TOOL -A FORWARD -j GUARD', true],
  ['iptables', 'TOOL -A FORWARD -m conntrack --ctstate NEW,ESTABLISHED,RELATED -j ACCEPT; TOOL -P FORWARD DROP', false],
] as const;

describe.each(
  (['ipv4', 'ipv6'] as const).flatMap((family) => firewalls.map((firewall) => [family, ...firewall] as const)),
)('%s: replies that bypass a host with %s: %s', neededByHop, (family, _tool, rules, letsExemptedPass) => {
  let hop: Hop;

  beforeAll(async () => {
    hop = await createHop('one-way', family);
    hop.bypass();
    hop.type([rules.replaceAll('TOOL', family === 'ipv6' ? 'ip6tables' : 'iptables')]);
  });
  afterAll(() => hop.end());

  const request = () => hop.request(hop.addresses.server, serverPort, asked);

  /** What is offered after requests that failed. */
  const offered = async () => {
    const before = await read();
    expect(request()).toBe(0);
    const findings = diagnose(await read(), before);
    return findings.filter(({ id }) => id === 'invalid-dropped');
  };

  const read = async (): Promise<Sample[]> => [...samplesOf(seen(hop)), ...(await hop.readFirewall())];

  it('requests work again with the remedies that are offered, until these are undone', async () => {
    const [finding] = await offered();
    const ids = finding?.remedies.map(({ id }) => id) ?? [];
    const expected: RemedyId[] = letsExemptedPass ? ['notrack-iptables', 'notrack-nftables'] : [];
    expect(ids).toEqual([...expected, 'accept-invalid']);
    for (const id of ids) {
      const { commands, verify, undo } = remedyOf(finding, id);
      hop.type(commands);
      expect([id, request()]).toEqual([id, asked]);
      hop.type(verify);
      hop.type(isNone(undo) ? [] : undo);
      expect([id, request()]).toEqual([id, 0]);
    }
  });
});

describe('rules that accept in one chain', neededByHop, () => {
  let hop: Hop;

  beforeAll(async () => {
    hop = await createHop('accept', 'ipv4');
  });
  afterAll(() => hop.end());

  it.each([
    ['nft', 'inet t f', 'ip daddr 198.51.100.10 ct state invalid', 'ip daddr 198.51.100.11 ct state invalid'],
    ['iptables', 'filter FORWARD', '-d 198.51.100.10/32', '-d 198.51.100.11/32'],
  ])('are taken back one by one, with %s', (tool, chain, match, other) => {
    const [first, second] = [
      { tool, chain, match },
      { tool, chain, match: other },
    ];
    const list = () => {
      const accepting = hop.run('hop', showChain({ tool, chain })).matchAll(/198\.51\.100\.1[01]/g);
      return [...new Set([...accepting].map(([address]) => address))];
    };
    hop.type([insertAccept(first), insertAccept(second)]);
    expect(list()).toEqual(['198.51.100.11', '198.51.100.10']);
    hop.type([deleteAccept(first)]);
    expect(list()).toEqual(['198.51.100.11']);
    hop.type([deleteAccept(second)]);
    expect(list()).toEqual([]);
  });
});

/** The census of the hop's table, and its INVALID packets. */
function seen(hop: Hop): string {
  const labels = `protocol="tcp",address="${hop.addresses.server}",port="${serverPort}",zone="0"`;
  const invalid = hop.run('hop', 'conntrack -S').matchAll(/\binvalid=(\d+)/g);
  const total = [...invalid].reduce((sum, [, count]) => sum + Number(count), 0);
  return `conntrack_entries 900
    conntrack_entries_limit 65536
    conntrack_invalid_total{cpu="0"} ${total}
    conntrack_destination_entries{${labels}} 900
    conntrack_destination_unreplied_entries{${labels}} 900
    conntrack_destination_verdict{${labels},verdict="direct_return"} 1`;
}
