import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readIptablesTables } from '../../../../src/parsers/firewall/iptables-tables.ts';
import { readNftTables } from '../../../../src/parsers/firewall/nft-tables.ts';
import { dropsAll } from '../../../../src/parsers/firewall/paths/forward-path.ts';
import { parseIptablesVrrp } from '../../../../src/parsers/firewall/paths/vrrp-iptables.ts';
import { parseNftVrrp } from '../../../../src/parsers/firewall/paths/vrrp-nft.ts';
import type { Cast } from '../../../../src/parsers/firewall/paths/vrrp-packet.ts';
import { needs } from '../../../needs.ts';

const save = (policy: string, rules: readonly string[]) =>
  ['*filter', `:INPUT ${policy} [0:0]`, ':OUTPUT ACCEPT [0:0]', ':ufw - [0:0]', ...rules, 'COMMIT', ''].join('\n');

function dropping(
  policy: string,
  rules: readonly string[],
  tool: 'iptables' | 'ip6tables' = 'iptables',
  cast: Cast = 'multicast',
): string[] {
  const counted = rules.map((rule) => `[0:0] ${rule}`);
  const chains = parseIptablesVrrp(readIptablesTables(save(policy, counted), tool), cast);
  return chains.filter(dropsAll).map(({ name }) => name);
}

const stateful = '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
const lo = '-A INPUT -i lo -j ACCEPT';
const ssh = '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT';

describe('iptables', () => {
  it.each([
    ['the protocol', 'ACCEPT', ['-A INPUT -p vrrp -j DROP']],
    ['the protocol as a number', 'ACCEPT', ['-A INPUT -p 112 -j REJECT --reject-with icmp-port-unreachable']],
    ['the address', 'ACCEPT', ['-A INPUT -d 224.0.0.18/32 -j DROP']],
    ['the protocol on an interface', 'ACCEPT', ['-A INPUT -i eth0 -p 112 -j DROP']],
    ['that of the other router', 'ACCEPT', ['-A INPUT -s 10.9.0.1/32 -p 112 -j DROP']],
    ['all multicast', 'ACCEPT', ['-A INPUT -m pkttype --pkt-type multicast -j DROP']],
    ['what nothing accepts', 'DROP', [stateful, lo, ssh]],
    ['what nothing accepts, at the end', 'ACCEPT', [stateful, lo, ssh, '-A INPUT -j REJECT']],
    ['in a chain', 'ACCEPT', ['-A INPUT -j ufw', '-A ufw -m addrtype --dst-type LOCAL -j RETURN', '-A ufw -j DROP']],
    ['all but TCP', 'ACCEPT', ['-A INPUT ! -p tcp -j DROP']],
    ['what it only marks', 'DROP', ['-A INPUT -j TEE --gateway 10.9.0.9', '-A INPUT -j TTL --ttl-set 64']],
    ['beside a comment', 'DROP', ['-A INPUT -p tcp -m comment --comment "allow -p vrrp -j ACCEPT" -j ACCEPT']],
  ])('drops %s', (_, policy, rules) => {
    expect(dropping(policy, rules)).toEqual(['filter INPUT']);
  });

  it.each([
    ['nothing', 'ACCEPT', []],
    ['what it accepts by protocol', 'DROP', ['-A INPUT -p 112 -j ACCEPT']],
    ['what it accepts by address', 'DROP', [lo, '-A INPUT -d 224.0.0.18/32 -j ACCEPT']],
    ['what it accepts on an interface', 'DROP', ['-A INPUT -i eth0 -p vrrp -j ACCEPT']],
    ['what it accepts from the other router', 'DROP', ['-A INPUT -s 10.9.0.1/32 -p 112 -j ACCEPT']],
    ['what it accepts from a network', 'DROP', ['-A INPUT -s 10.9.0.0/24 -j ACCEPT']],
    ['what it accepts as multicast', 'DROP', ['-A INPUT -d 224.0.0.0/4 -j ACCEPT']],
    [
      'what a chain returns',
      'ACCEPT',
      ['-A INPUT -j ufw', '-A ufw -m addrtype --dst-type MULTICAST -j RETURN', '-A ufw -j DROP'],
    ],
    ['INVALID packets', 'ACCEPT', ['-A INPUT -m conntrack --ctstate INVALID -j DROP']],
    ['other protocols', 'ACCEPT', ['-A INPUT -p udp -j DROP', '-A INPUT -p tcp -j DROP']],
    ['other addresses', 'ACCEPT', ['-A INPUT -d 10.0.0.100/32 -j DROP', '-A INPUT -d 224.0.0.251/32 -j DROP']],
    ['all of another interface', 'ACCEPT', ['-A INPUT -i eth1 -j DROP']],
    ['too many', 'DROP', ['-A INPUT -p 112 -m limit --limit 10/sec -j ACCEPT']],
    ['what a program decides', 'DROP', ['-A INPUT -j NFQUEUE --queue-num 0']],
  ])('does not drop %s', (_, policy, rules) => {
    expect(dropping(policy, rules)).toEqual([]);
  });

  it('drops what goes out', () => {
    expect(dropping('ACCEPT', ['-A OUTPUT -p 112 -j DROP'])).toEqual(['filter OUTPUT']);
  });

  it('drops the address of IPv6', () => {
    expect(dropping('ACCEPT', ['-A INPUT -d ff02::12/128 -j DROP'], 'ip6tables')).toEqual(['filter INPUT']);
  });
});

it('drops what Shorewall does, beside a chain from which some packets return', () => {
  const text = readFileSync(new URL('../../../fixtures/firewall/shorewall-5.2.8.txt', import.meta.url), 'utf8');
  const chains = (cast: Cast, rules = text) =>
    parseIptablesVrrp(readIptablesTables(rules, 'iptables'), cast)
      .filter(dropsAll)
      .map(({ name }) => name);
  expect(chains('multicast')).toEqual(['filter INPUT', 'filter OUTPUT']);
  // As Shorewall writes `ACCEPT net $FW 112`.
  const accepting = (zones: string) =>
    `[0:0] -A ${zones} -p vrrp -j ACCEPT\n[0:0] -A ${zones} -m addrtype --dst-type BROADCAST`;
  const accepted = ['net-fw', 'fw-net'].reduce(
    (rules, zones) => rules.replace(`[0:0] -A ${zones} -m addrtype --dst-type BROADCAST`, accepting(zones)),
    text,
  );
  expect(chains('multicast', accepted)).toEqual([]);
});

describe('iptables of unicast', () => {
  it.each([
    ['the protocol', 'ACCEPT', ['-A INPUT -p vrrp -j DROP']],
    ['what is sent to a host', 'ACCEPT', ['-A INPUT -m addrtype --dst-type LOCAL -p 112 -j DROP']],
    ['all but multicast', 'DROP', [lo, ssh, '-A INPUT -d 224.0.0.18/32 -j ACCEPT']],
    ['all but packets that are multicast', 'DROP', ['-A INPUT -m pkttype --pkt-type multicast -j ACCEPT']],
  ])('drops %s', (_, policy, rules) => {
    expect(dropping(policy, rules, 'iptables', 'unicast')).toEqual(['filter INPUT']);
  });

  it.each([
    ['multicast', 'ACCEPT', ['-A INPUT -d 224.0.0.0/4 -j DROP']],
    ['what it accepts from the other router', 'DROP', ['-A INPUT -s 10.9.0.1/32 -p 112 -j ACCEPT']],
    ['what is sent to one of its addresses', 'ACCEPT', ['-A INPUT -d 10.9.0.2/32 -p 112 -j DROP']],
    ['what is a reply where both are masters', 'DROP', [stateful, lo, ssh]],
    ['what it accepts by protocol', 'DROP', ['-A INPUT -p 112 -j ACCEPT']],
  ])('does not drop %s', (_, policy, rules) => {
    expect(dropping(policy, rules, 'iptables', 'unicast')).toEqual([]);
  });
});

describe('nft', needs('nft', 'unshare', 'root', 'network namespaces', 'nf_tables'), () => {
  const input = 'type filter hook input priority 0;';

  function droppingOf(family: string, chain: string, more = '', cast: Cast = 'multicast'): string[] {
    const rules = `table ${family} filter {\n${more}\nchain input {\n${chain}\n}\n}\n`;
    const script = `nft -f - && nft -j list ruleset`;
    const json = execFileSync('unshare', ['--net', 'sh', '-c', script], { encoding: 'utf8', input: rules });
    return parseNftVrrp(readNftTables(json), cast)
      .filter(dropsAll)
      .flatMap(({ families }) => families);
  }

  it.each([
    ['the protocol', 'inet', 'meta l4proto vrrp drop', ['ipv4', 'ipv6']],
    ['the protocol as a number', 'inet', 'meta l4proto 112 counter drop', ['ipv4', 'ipv6']],
    ['the protocol of IPv4', 'inet', 'ip protocol 112 drop', ['ipv4']],
    ['the address', 'ip', 'ip daddr 224.0.0.18 counter drop', ['ipv4']],
    ['the address of IPv6', 'ip6', 'ip6 daddr ff02::12 reject', ['ipv6']],
    ['it among others', 'inet', 'meta l4proto { esp, 112 } iifname "eth0" drop', ['ipv4', 'ipv6']],
    ['that of the other router', 'ip', 'ip saddr 10.9.0.1 ip protocol 112 drop', ['ipv4']],
    [
      'what nothing accepts',
      'inet',
      'ct state established,related accept; iifname "lo" accept; tcp dport 22 accept; drop',
      ['ipv4', 'ipv6'],
    ],
    ['all multicast', 'inet', 'meta pkttype multicast drop', ['ipv4', 'ipv6']],
    [
      'what one family accepts',
      'inet',
      'ip protocol 112 accept; meta l4proto { icmp, ipv6-icmp } accept; reject',
      ['ipv6'],
    ],
  ])('drops %s', (_, family, rules, families) => {
    expect(droppingOf(family, `${input} ${rules}`)).toEqual(families);
  });

  it.each([
    ['nothing', 'inet', ''],
    ['what it accepts', 'inet', 'meta l4proto vrrp accept; drop'],
    ['what it accepts as multicast', 'ip', 'ip daddr 224.0.0.0/4 accept; drop'],
    ['what it accepts from the other router', 'ip', 'ip saddr 10.9.0.1 accept; drop'],
    ['INVALID packets', 'inet', 'ct state invalid drop'],
    ['other protocols', 'inet', 'udp dport 53 drop; meta l4proto tcp drop'],
    ['the rest of an interface', 'inet', 'iifname "eth1" drop'],
    ['too many', 'inet', 'meta l4proto 112 limit rate 10/second accept; drop'],
    [
      'what a map of states accepts',
      'inet',
      'ct state vmap { invalid : drop, established : accept, new : accept }; drop',
    ],
    ['what a map with a name may accept', 'inet', 'ct state vmap @states; drop'],
    ['what a set of addresses may accept', 'ip', 'ip daddr @groups accept; drop'],
    ['what a range of addresses accepts', 'ip', 'ip daddr 224.0.0.0-224.0.0.255 accept; drop'],
    ['what a range of protocols accepts', 'inet', 'meta l4proto 100-120 accept; drop'],
    ['what a program decides', 'inet', 'ct state new tcp dport 22 drop; counter synproxy mss 1460; drop'],
  ])('does not drop %s', (_, family, rules) => {
    const set = 'set groups {\ntype ipv4_addr\nflags interval\nelements = { 224.0.0.0/24 }\n}';
    const map = 'map states {\ntype ct_state : verdict\nelements = { new : accept }\n}';
    const named = { '@groups': set, '@states': map };
    const more = Object.entries(named).flatMap(([name, text]) => (rules.includes(name) ? [text] : []));
    expect(droppingOf(family, `${input} ${rules}`, more.join('\n'))).toEqual([]);
  });

  it.each([
    ['ip daddr 224.0.0.18 drop', [], ['ipv4']],
    ['ip daddr 224.0.0.18 accept; drop', ['ipv4'], []],
    ['ip daddr 10.9.0.2 ip protocol 112 drop', [], []],
    ['ip daddr { 224.0.0.18, 10.9.0.2 } accept; drop', [], []],
    ['meta pkttype host drop', ['ipv4'], []],
    ['ct state established accept; drop', [], ['ipv4']],
  ])('distinguishes unicast from multicast: %s', (rules, unicast, multicast) => {
    expect(droppingOf('ip', `${input} ${rules}`, '', 'unicast')).toEqual(unicast);
    expect(droppingOf('ip', `${input} ${rules}`)).toEqual(multicast);
  });

  it('looks where a map of states sends new flows, as that of NixOS', () => {
    const map =
      'ct state vmap { invalid : drop, established : accept, new : jump allow, untracked : jump allow }; drop';
    const allow = (rule: string) => `chain allow {\n${rule}\n}`;
    const of = (rule: string, cast?: Cast) => droppingOf('inet', `${input} ${map}`, allow(rule), cast);
    expect(of('tcp dport 22 accept')).toEqual(['ipv4', 'ipv6']);
    expect(of('ip protocol vrrp accept')).toEqual(['ipv6']);
    expect(of('tcp dport 22 accept', 'unicast')).toEqual([]);
  });

  it('drops by its policy, and in a chain', () => {
    expect(droppingOf('inet', `${input} policy drop; tcp dport 22 accept`)).toEqual(['ipv4', 'ipv6']);
    const zone = 'chain zone {\ntcp dport 22 accept\n}';
    expect(droppingOf('inet', `${input} iifname "eth0" jump zone; reject`, zone)).toEqual(['ipv4', 'ipv6']);
    const open = 'chain zone {\nmeta l4proto 112 accept\n}';
    expect(droppingOf('inet', `${input} iifname "eth0" jump zone; reject`, open)).toEqual([]);
  });
});
