import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { readIptablesTables } from '../../../../src/parsers/firewall/iptables-tables.ts';
import { parseIptablesRefusals } from '../../../../src/parsers/firewall/refusals/iptables-refusals.ts';

const refusalsIn = (text: string) => parseIptablesRefusals(readIptablesTables(text, 'iptables'));
const ownersIn = (text: string) => [...new Set(refusalsIn(text).map(({ owners }) => owners.join()))];

describe('the owner of rules that show none', () => {
  const shorewall = readFileSync(new URL('../../../fixtures/firewall/shorewall-5.2.8.txt', import.meta.url), 'utf8');

  it('is Shorewall, whose chains are named after zones, for rules and policies', () => {
    const refusals = refusalsIn(shorewall);
    expect(refusals.map(({ chain }) => chain)).toEqual(
      expect.arrayContaining(['filter FORWARD', 'filter net-fw', 'filter net-loc', 'filter reject']),
    );
    expect(ownersIn(shorewall)).toEqual(['shorewall']);
  });

  it('is another program still for its own rules beside Shorewall', () => {
    const more = ':DOCKER-USER - [0:0]\n:f2b-sshd - [0:0]\n-A DOCKER-USER -j DROP\n-A f2b-sshd -j DROP\nCOMMIT\n*nat';
    expect(ownersIn(shorewall.replace('COMMIT\n*nat', more))).toEqual([
      'shorewall',
      'docker,shorewall',
      'docker',
      'fail2ban',
    ]);
  });

  it.each([
    ['LOCALINPUT', '-j DROP', 'csf'],
    ['INPUT_ZONES', '-j REJECT --reject-with icmp-host-prohibited', 'firewalld'],
    ['INPUT_ZONES', '-j DROP', ''],
    ['LIBVIRT_INP', '-j DROP', ''],
    ['DOCKER', '-j REJECT --reject-with icmp-host-prohibited', ''],
  ])('beside a chain %s, of a rule %s in INPUT, is %j', (chain, rule, owner) => {
    expect(ownersIn(`*filter\n:INPUT ACCEPT [0:0]\n:${chain} - [0:0]\n[0:0] -A INPUT ${rule}\nCOMMIT\n`)).toEqual([
      owner,
    ]);
  });

  it('is looked for among the chains once, not for each rule', () => {
    const count = (size: number) => {
      const numbers = Array.from({ length: size }, (_, index) => index);
      const chains = numbers.map((number) => `:c${number} - [0:0]\n`).join('');
      const rules = numbers.map((number) => `-A c${number} -j DROP\n`).join('');
      const test = vi.spyOn(RegExp.prototype, 'test');
      expect(refusalsIn(`*filter\n${chains}${rules}COMMIT\n`)).toHaveLength(size);
      const { length } = test.mock.calls;
      test.mockRestore();
      return length;
    };
    expect(count(100) / count(10)).toBeLessThan(11);
  });
});
