import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readIptablesTables } from '../../../../src/parsers/firewall/iptables-tables.ts';
import { readNftTables } from '../../../../src/parsers/firewall/nft-tables.ts';
import { dropsAll } from '../../../../src/parsers/firewall/paths/forward-path.ts';
import { parseIptablesNeighbours, parseNftNeighbours } from '../../../../src/parsers/firewall/paths/neighbour-path.ts';
import { needs } from '../../../needs.ts';

const stateful = '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';

describe('ip6tables and neighbour advertisements', () => {
  function dropping(policy: string, rules: readonly string[], tool: 'ip6tables' | 'iptables' = 'ip6tables'): string[] {
    const lines = rules.map((rule) => `[0:0] -A INPUT ${rule}`);
    const text = ['*filter', `:INPUT ${policy} [0:0]`, ':ufw6 - [0:0]', ...lines, 'COMMIT', ''].join('\n');
    const chains = parseIptablesNeighbours(readIptablesTables(text, tool));
    return chains.filter(dropsAll).map(({ name }) => name);
  }

  it.each([
    ['nothing accepts them', 'DROP', ['-i lo -j ACCEPT', stateful, '-p tcp -m tcp --dport 22 -j ACCEPT']],
    ['pings alone are accepted', 'DROP', [stateful, '-p ipv6-icmp -m icmpv6 --icmpv6-type 128 -j ACCEPT']],
    ['ICMP is dropped', 'ACCEPT', ['-p ipv6-icmp -j DROP']],
    ['all but TCP is refused', 'ACCEPT', ['! -p tcp -j REJECT --reject-with icmp6-port-unreachable']],
    ['a chain drops them', 'ACCEPT', ['-j ufw6', stateful, '-m conntrack --ctstate UNTRACKED -j DROP']],
    ['those of new connections alone pass', 'DROP', ['-m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT']],
  ])('are dropped where %s', (_what, policy, rules) => {
    expect(dropping(policy, rules)).toEqual(['filter INPUT']);
    expect(dropping(policy, rules, 'iptables')).toEqual([]);
  });

  it.each([
    ['the policy accepts', 'ACCEPT', [stateful]],
    ['ICMP is accepted', 'DROP', ['-p ipv6-icmp -j ACCEPT']],
    ['their type is accepted', 'DROP', ['-p ipv6-icmp -m icmpv6 --icmpv6-type 136 -m hl --hl-eq 255 -j ACCEPT']],
    ['an interface is trusted', 'DROP', ['-i eth0 -j ACCEPT']],
    ['a network is trusted', 'DROP', ['-s fe80::/10 -j ACCEPT']],
    ['untracked packets pass', 'DROP', ['-m conntrack --ctstate ESTABLISHED,UNTRACKED -j ACCEPT']],
    ['pings are dropped', 'ACCEPT', ['-p ipv6-icmp -m icmpv6 --icmpv6-type 128 -j DROP']],
    ['INVALID packets are dropped', 'ACCEPT', ['-m conntrack --ctstate INVALID -j DROP']],
    ['packets to groups are dropped', 'ACCEPT', ['-d ff00::/8 -j DROP']],
    ['so many per second pass', 'DROP', ['-p ipv6-icmp -m limit --limit 900/min -j ACCEPT']],
    ['a program decides', 'DROP', ['-j NFQUEUE --queue-num 0 --queue-bypass']],
  ])('may pass where %s', (_what, policy, rules) => {
    expect(dropping(policy, rules)).toEqual([]);
  });
});

describe(
  'nft and neighbour advertisements',
  needs('nft', 'iptables', 'unshare', 'root', 'network namespaces', 'nf_tables', 'IPv6'),
  () => {
    function dropping(family: string, policy: string, rules: string): string[] {
      const input = `table ${family} f {\n chain c {\n type filter hook input priority 0; policy ${policy}\n ${rules}\n }\n}\n`;
      const list = 'nft -f - && nft -j list ruleset';
      const json = execFileSync('unshare', ['--net', 'sh', '-c', list], { input, encoding: 'utf8' });
      return parseNftNeighbours(readNftTables(json))
        .filter(dropsAll)
        .map(({ name }) => name);
    }

    it.each([
      ['nothing accepts them', 'drop', 'ct state established,related accept; iif lo accept; tcp dport 22 accept'],
      ['pings alone are accepted', 'drop', 'icmpv6 type echo-request accept'],
      ['ICMP of IPv4 alone is accepted', 'drop', 'ip protocol icmp accept'],
      ['ICMP is dropped', 'accept', 'meta l4proto { icmp, ipv6-icmp } drop'],
      ['a state map drops the rest', 'drop', 'ct state vmap { established : accept, invalid : drop }'],
    ])('are dropped where %s', (_what, policy, rules) => {
      expect(dropping('inet', policy, rules)).toEqual(['inet f c']);
      expect(dropping('ip6', policy, rules.replace('ip protocol icmp', 'ip6 nexthdr udp'))).toEqual(['ip6 f c']);
    });

    it.each([
      ['the policy accepts', 'accept', 'ct state invalid drop'],
      ['ICMP is accepted', 'drop', 'meta l4proto ipv6-icmp accept'],
      [
        'their types are accepted',
        'drop',
        'icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept',
      ],
      ['hops are counted', 'drop', 'ip6 hoplimit 255 icmpv6 type nd-neighbor-advert accept'],
      ['a map decides by type', 'drop', 'icmpv6 type vmap { nd-neighbor-advert : accept }'],
      ['a range of types is accepted', 'drop', 'icmpv6 type 133-137 accept'],
      ['an interface is trusted', 'drop', 'iifname eth0 accept'],
      ['a network is trusted', 'drop', 'ip6 saddr fe80::/10 accept'],
      ['all but what is new or known passes', 'accept', 'ct state new,established accept; ct state invalid drop'],
    ])('may pass where %s', (_what, policy, rules) => {
      expect(dropping('inet', policy, rules)).toEqual([]);
    });

    it('of rules for IPv4 are none', () => {
      expect(dropping('ip', 'drop', 'tcp dport 22 accept')).toEqual([]);
    });

    it('leaves the chains of ip6tables to it', () => {
      const command = 'ip6tables -P INPUT DROP && nft -j list ruleset';
      const json = execFileSync('unshare', ['--net', 'sh', '-c', command], { encoding: 'utf8' });
      expect(json).toContain('"INPUT"');
      expect(parseNftNeighbours(readNftTables(json))).toEqual([]);
    });
  },
);
