import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readIptablesTables } from '../../../../src/parsers/firewall/iptables-tables.ts';
import { readNftTables } from '../../../../src/parsers/firewall/nft-tables.ts';
import { dropsAll } from '../../../../src/parsers/firewall/paths/forward-path.ts';
import { parseIptablesForward } from '../../../../src/parsers/firewall/paths/iptables-path.ts';
import { parseNftForward } from '../../../../src/parsers/firewall/paths/nft-path.ts';
import { needs } from '../../../needs.ts';

const synproxy = '-A FORWARD -p tcp -m tcp --dport 80 -m conntrack --ctstate INVALID,UNTRACKED -j SYNPROXY --mss 1460';
const established = '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
const fresh = '-A FORWARD -p tcp --dport 80 -m conntrack --ctstate NEW -j ACCEPT';

const save = (policy: string, ...rules: readonly string[]) =>
  ['*filter', ':INPUT ACCEPT [0:0]', `:FORWARD ${policy} [0:0]`, ':sg - [0:0]', ...rules, 'COMMIT', ''].join('\n');

function iptablesDrops(policy: string, ...rules: readonly string[]): boolean {
  const text = save(policy, ...rules.map((rule) => `[0:0] ${rule}`));
  return parseIptablesForward(readIptablesTables(text, 'iptables')).some(dropsAll);
}

describe('an iptables FORWARD chain', () => {
  it.each([
    ['an INVALID rule before all else', 'ACCEPT', ['-A FORWARD -m conntrack --ctstate INVALID -j DROP']],
    ['ESTABLISHED and NEW let through, then the policy', 'DROP', [established, fresh]],
    [
      'ESTABLISHED let through, then a rule for the rest',
      'ACCEPT',
      [established, fresh, '-A FORWARD -j REJECT --reject-with icmp-port-unreachable'],
    ],
    [
      'a chain that drops',
      'ACCEPT',
      ['-A FORWARD -j sg', '-A sg -m state --state INVALID -j DROP', '-A FORWARD -j ACCEPT'],
    ],
    [
      'a comment beside the state',
      'ACCEPT',
      ['-A FORWARD -m comment --comment "no strays" -m conntrack --ctstate INVALID -j DROP'],
    ],
    [
      'a log before',
      'ACCEPT',
      ['-A FORWARD -j LOG --log-prefix "f "', '-A FORWARD -m conntrack --ctstate INVALID -j DROP'],
    ],
    [
      'all that is neither new nor known',
      'ACCEPT',
      ['-A FORWARD -m conntrack ! --ctstate NEW,RELATED,ESTABLISHED -j DROP'],
    ],
  ])('drops every INVALID packet: %s', (_what, policy, rules) => {
    expect(iptablesDrops(policy, ...rules)).toBe(true);
  });

  it.each([
    ['no rules', 'ACCEPT', []],
    ['INVALID let through first', 'DROP', [established, '-A FORWARD -m conntrack --ctstate INVALID -j ACCEPT']],
    ['an address let through first', 'DROP', ['-A FORWARD -d 10.0.0.100/32 -j ACCEPT', established]],
    ['a chain that may let through', 'DROP', ['-A FORWARD -j sg', '-A sg -i eth0 -j ACCEPT', established]],
    [
      'only INVALID of one address dropped',
      'ACCEPT',
      ['-A FORWARD -d 10.0.0.9/32 -m conntrack --ctstate INVALID -j DROP'],
    ],
    ['a chain that returns', 'ACCEPT', ['-A FORWARD -j sg', '-A sg -j RETURN', '-A sg -j DROP']],
    ['a target that is not known', 'DROP', ['-A FORWARD -j TARPIT']],
    ['SYNPROXY before the rule', 'DROP', [synproxy, '-A FORWARD -m conntrack --ctstate INVALID -j DROP']],
  ])('may let one through: %s', (_what, policy, rules) => {
    expect(iptablesDrops(policy, ...rules)).toBe(false);
  });

  it('passes a chain without rules', () => {
    expect(iptablesDrops('DROP', '-A FORWARD -j sg')).toBe(true);
  });
});

describe(
  'an nftables forward chain, as nft prints it',
  needs('nft', 'unshare', 'root', 'network namespaces', 'nf_tables'),
  () => {
    function nftDrops(rules: string): boolean {
      const text = `table inet f {\n${rules}}\n`;
      const list = 'nft -f - && nft -j list ruleset';
      const json = execFileSync('unshare', ['--net', 'sh', '-c', list], { input: text, encoding: 'utf8' });
      return parseNftForward(readNftTables(json)).some(dropsAll);
    }
    const chain = (policy: string, ...rules: readonly string[]) =>
      `chain forward { type filter hook forward priority 0; policy ${policy}\n ${rules.join('\n')}\n}\n`;

    it.each([
      ['ct state invalid drop without a counter', chain('accept', 'ct state invalid drop')],
      [
        'established and new, then the policy',
        chain('drop', 'ct state established,related accept', 'ct state new accept'),
      ],
      ['a verdict map', chain('accept', 'ct state vmap { established : accept, related : accept, invalid : drop }')],
      [
        'a chain that drops',
        `chain strays {\n ct state invalid counter drop\n}\n ${chain('accept', 'jump strays', 'accept')}`,
      ],
      ['anything not known', chain('accept', 'ct state != { established, related, new } reject')],
    ])('drops every INVALID packet: %s', (_what, rules) => {
      expect(nftDrops(rules)).toBe(true);
    });

    it.each([
      [
        'synproxy before the rule',
        chain('drop', 'tcp dport 80 ct state invalid,untracked synproxy', 'ct state invalid drop'),
      ],
      ['no rules', chain('accept', 'counter')],
      ['an address let through', chain('drop', 'ip daddr 10.0.0.100 accept', 'ct state established accept')],
      ['invalid let through', chain('drop', 'ct state established,invalid accept')],
      ['only those of one interface', chain('accept', 'iifname "eth9" ct state invalid drop')],
      ['so many a second', chain('accept', 'ct state invalid limit rate over 10/second drop')],
    ])('may let one through: %s', (_what, rules) => {
      expect(nftDrops(rules)).toBe(false);
    });
  },
);
