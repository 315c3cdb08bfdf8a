import { describe, expect, it } from 'vitest';
import { firewall } from '../../src/collectors/firewall.ts';
import type { FirewallTexts } from '../../src/host/host.ts';
import { render } from '../../src/http/exposition.ts';
import { createHost } from '../machine.ts';

const nothing: FirewallTexts = { iptables: '', ip6tables: '', nft: '' };

async function collect(texts: FirewallTexts): Promise<string[]> {
  const samples = await firewall.collect({ ...createHost({}), firewall: async () => texts });
  const text = await render(samples, 'text');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('firewall.collect()', () => {
  it('tells of each rule once, whichever program made it', async () => {
    const iptables = `*raw
[1:60] -A PREROUTING -d 10.0.0.100/32 -p tcp -m multiport --dports 80,443 -j CT --notrack
[2:60] -A OUTPUT -d 10.0.0.100/32 -p tcp -m tcp --dport 80 -j CT --notrack
[3:60] -A PREROUTING -i eth1 -j CT --notrack
COMMIT
*filter
[5:300] -A FORWARD -m conntrack --ctstate INVALID -j DROP
[6:300] -A FORWARD -m conntrack --ctstate INVALID,UNTRACKED -j DROP
COMMIT
`;
    const drop = { match: { op: 'in', left: { ct: { key: 'state' } }, right: 'invalid' } };
    const nft = JSON.stringify({
      nftables: [{ rule: { family: 'inet', table: 't', chain: 'f', expr: [drop, { drop: null }] } }],
    });
    expect(await collect({ iptables, ip6tables: '', nft })).toEqual([
      'firewall_notrack_rule_info{protocol="tcp",address="10.0.0.100",port="80"} 1',
      'firewall_notrack_rule_info{protocol="tcp",address="10.0.0.100",port="443"} 1',
      'firewall_invalid_drop_rule_info{chain="filter FORWARD"} 1',
      'firewall_invalid_drop_rule_info{chain="inet t f"} 1',
      'firewall_invalid_drop_packets_total{chain="filter FORWARD"} 11',
    ]);
  });

  it('has nothing to tell without rules', async () => {
    expect(await collect(nothing)).toEqual([]);
  });

  it('is absent from a recording', async () => {
    await expect(firewall.collect(createHost({}))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('names the program whose output cannot be read', async () => {
    await expect(collect({ ...nothing, nft: '{' })).rejects.toThrow('nft: Cannot parse line 1: expected JSON');
  });
});
