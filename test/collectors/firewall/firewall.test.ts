import { describe, expect, it } from 'vitest';
import { firewall } from '../../../src/collectors/firewall/firewall.ts';
import type { FirewallTexts } from '../../../src/host/host.ts';
import { render } from '../../../src/http/exposition.ts';
import { createHost } from '../../machine.ts';

const nothing: FirewallTexts = { iptables: '', ip6tables: '', nft: '' };

async function collect(texts: FirewallTexts): Promise<string[]> {
  const samples = await firewall.collect({ ...createHost({}), firewall: async () => texts });
  const text = await render(samples, 'text');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('firewall.collect()', () => {
  it('exports each rule once, whichever program made it', async () => {
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
      nftables: [{ rule: { family: 'inet', table: 't', chain: 'f', handle: 1, expr: [drop, { drop: null }] } }],
    });
    expect(await collect({ iptables, ip6tables: '', nft })).toEqual([
      'firewall_notrack_rule_info{chain="raw PREROUTING",protocol="tcp",address="10.0.0.100",port="80"} 1',
      'firewall_notrack_rule_info{chain="raw PREROUTING",protocol="tcp",address="10.0.0.100",port="443"} 1',
      'firewall_notrack_rule_info{chain="raw OUTPUT",protocol="tcp",address="10.0.0.100",port="80"} 1',
      'firewall_notrack_packets_total{chain="raw PREROUTING",protocol="tcp",address="10.0.0.100",port="80"} 1',
      'firewall_notrack_packets_total{chain="raw PREROUTING",protocol="tcp",address="10.0.0.100",port="443"} 1',
      'firewall_notrack_packets_total{chain="raw OUTPUT",protocol="tcp",address="10.0.0.100",port="80"} 2',
      'firewall_invalid_drop_rule_info{chain="filter FORWARD"} 1',
      'firewall_invalid_drop_rule_info{chain="inet t f"} 1',
      'firewall_invalid_drop_packets_total{chain="filter FORWARD"} 11',
    ]);
  });

  it('reads what translates addresses, in chains that others lead to', async () => {
    const iptables = `*nat
[1:60] -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
[1:60] -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
[1:60] -A KUBE-SERVICES -d 10.96.0.10/32 -p udp -m udp --dport 53 -j KUBE-SVC-DNS
[1:60] -A KUBE-SVC-DNS -j KUBE-SEP-DNS
[1:60] -A KUBE-SEP-DNS -p udp -j DNAT --to-destination 10.244.0.2:53
[1:60] -A PREROUTING ! -d 10.9.0.0/16 -p tcp --dport 25 -j REDIRECT --to-ports 2525
[1:60] -A POSTROUTING -d 10.9.0.7/32 -j MASQUERADE
COMMIT
`;
    const match = (protocol: string, field: string, right: unknown) => ({
      match: { op: '==', left: { payload: { protocol, field } }, right },
    });
    const rule = (chain: string, ...expr: readonly unknown[]) => ({
      rule: { family: 'ip', table: 'n', chain, handle: 1, expr },
    });
    const nft = JSON.stringify({
      nftables: [
        rule('pre', match('ip', 'daddr', '10.0.0.7'), match('tcp', 'dport', 443), { jump: { target: 'web' } }),
        rule('web', { dnat: { addr: '10.0.0.8' } }),
        rule('pre', match('ip', 'daddr', '10.0.0.9'), { jump: { target: 'other' } }),
        rule('other', { accept: null }),
      ],
    });
    expect(await collect({ iptables, ip6tables: '', nft })).toEqual([
      'firewall_nat_rule_info{protocol="tcp",address="",port="8080"} 1',
      'firewall_nat_rule_info{protocol="udp",address="10.96.0.10",port="53"} 1',
      'firewall_nat_rule_info{protocol="tcp",address="10.0.0.7",port="443"} 1',
      'firewall_nat_target_info{addresses="172.17.0.2"} 1',
      'firewall_nat_target_info{addresses="10.244.0.2"} 1',
      'firewall_nat_target_info{addresses="10.0.0.8"} 1',
      'firewall_source_nat_rule_info{tool="iptables",chain="POSTROUTING",position="1",rule="-d 10.9.0.7/32 -j MASQUERADE",addresses="",ports="",random="no"} 1',
      'firewall_source_nat_packets_total{tool="iptables",chain="POSTROUTING",position="1"} 1',
    ]);
  });

  it.each([
    ['no flow table', { accept: null }, '', ['input', 'forward']],
    ['one of nft', { flow: { op: 'add', flowtable: '@fast' } }, '', ['input']],
    ['one of iptables', { accept: null }, '[1:60] -A FORWARD -j FLOWOFFLOAD\n', ['input']],
  ])('compares what is refused with what passes a chain: %s', async (_what, expression, rule, paths) => {
    const iptables = `*filter\n:INPUT DROP [1:60]\n:FORWARD DROP [1:60]\n${rule}COMMIT\n`;
    const offload = { family: 'inet', table: 'fast', chain: 'forward', handle: 1, expr: [expression] };
    const nft = JSON.stringify({ nftables: [{ rule: offload }] });
    const lines = await collect({ ...nothing, iptables, nft });
    const refusals = lines.filter((line) => line.startsWith('firewall_refusal_info{'));
    expect(refusals.map((line) => /paths="([^"]*)"/.exec(line)?.[1])).toEqual(paths);
  });

  it('has the rules of both kinds of iptables, even in the same place', async () => {
    const iptables = `*nat
[1:60] -A POSTROUTING -o eth0 -j MASQUERADE
COMMIT
*filter
:FORWARD DROP [2:120]
[3:180] -A FORWARD -p tcp -m connlimit --connlimit-above 9 -j DROP
[4:240] -A FORWARD -m hashlimit --hashlimit-above 9/sec --hashlimit-name a -j DROP
COMMIT
`;
    const lines = await collect({ ...nothing, iptables, iptablesLegacy: iptables, ip6tablesLegacy: iptables });
    const places = lines.map((line) => /tool="([^"]*)",chain="([^"]*)"/.exec(line)).filter((place) => place !== null);
    const byTool = new Map(places.map(([, tool, chain]) => [tool, chain]));
    expect([...byTool.keys()]).toEqual(['iptables', 'iptables-legacy', 'ip6tables-legacy']);
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines).toContain(
      'firewall_connection_limit_packets_total{tool="iptables-legacy",chain="filter FORWARD",position="1"} 3',
    );
  });

  it('exports nothing without rules', async () => {
    expect(await collect(nothing)).toEqual([]);
  });

  it('is absent from a recording', async () => {
    await expect(firewall.collect(createHost({}))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('names the program whose output cannot be read', async () => {
    await expect(collect({ ...nothing, nft: '{' })).rejects.toThrow('nft: Cannot parse line 1: expected JSON');
  });
});
