import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readNftTables } from '../../../../src/parsers/firewall/nft-tables.ts';
import { parseNftRefusals } from '../../../../src/parsers/firewall/refusals/nft-refusals.ts';
import { needs } from '../../../needs.ts';
import { expectParsedOrRefused } from '../../hostile-input.ts';

const list = (input: string) =>
  execFileSync('unshare', ['--net', 'sh', '-c', 'nft -f - && nft -j list ruleset'], { input, encoding: 'utf8' });

const refusalsIn = (text: string) => parseNftRefusals(readNftTables(text));

describe('parseNftRefusals()', needs('nft', 'iptables', 'unshare', 'root', 'network namespaces', 'nf_tables'), () => {
  const inForward = (rules: string) =>
    `table inet f {\n set bad { type ipv4_addr; }\n chain other { counter drop; }\n chain c { type filter hook forward priority 0;\n ${rules}\n}\n}\n`;

  it('reads policies without a counter, and rules with one, by whatever way packets get there', () => {
    const text = list(`table inet firewalld {
      chain IN { tcp dport 22 accept; counter reject with icmpx admin-prohibited; }
      chain filter_INPUT {
        type filter hook input priority 10; policy drop;
        ct state vmap { established : accept, new : goto IN };
      }
      chain filter_FORWARD { type filter hook forward priority 10; jump IN; drop; }
    }`);
    expect(refusalsIn(text)).toMatchObject([
      { chain: 'inet firewalld filter_INPUT', position: 'policy', paths: ['input'], owners: ['firewalld'] },
      { chain: 'inet firewalld IN', packets: 0 },
      { chain: 'inet firewalld filter_FORWARD', paths: ['forward'], packets: undefined },
    ]);
  });

  it.each([
    'ip saddr @bad counter drop',
    'ip saddr 203.0.113.7 counter drop',
    'ct state invalid counter drop',
    'ip daddr 224.0.0.0/4 counter drop',
    'meta pkttype broadcast counter drop',
    'tcp dport 22 ct state new limit rate over 5/second counter drop',
    'ip protocol icmp counter drop',
    'icmp type echo-request counter drop',
    'fib saddr . iif oif missing counter drop',
    'fib saddr type local counter drop',
    'fib daddr type { broadcast, multicast } counter drop',
    'counter log',
  ])('leaves out %s', (rule) => {
    const chains = refusalsIn(list(inForward(rule))).map(({ chain }) => chain);
    expect(chains).toEqual(['inet f other']);
  });

  it.each([
    'counter drop',
    'ip saddr != @bad counter drop',
    'ip saddr 10.0.0.0/8 counter reject',
    'fib daddr type local counter drop',
    'fib daddr type { local, unicast } counter drop',
  ])('has %s', (rule) => {
    expect(refusalsIn(list(inForward(rule)))).toHaveLength(2);
  });

  it('leaves out the policy of a chain that accepts what has a route back, as that of NixOS', () => {
    const rules = 'fib saddr . mark . iif oif exists accept';
    const table = (rule: string) =>
      `table inet nixos-fw { chain rpfilter { type filter hook prerouting priority -140; policy drop; ${rule}; }\n}`;
    expect(refusalsIn(list(table(rules)))).toEqual([]);
    expect(refusalsIn(list(table('tcp dport 22 accept')))).toMatchObject([{ position: 'policy', owners: ['nixos'] }]);
  });

  it.each([
    ['saddr . iif oif exists', 0],
    ['saddr oif exists', 0],
    ['saddr . iif oif missing', 1],
    ['daddr type local tcp dport 22', 1],
    ['daddr oif exists', 1],
    ['saddr . iif oifname "lo"', 1],
  ])('has %s leave %i policies in the list', (fib, count) => {
    const rules = `type filter hook prerouting priority 0; policy drop; ct state established accept; fib ${fib} accept;`;
    expect(refusalsIn(list(`table inet f { chain c { ${rules} }\n}`))).toHaveLength(count);
  });

  it('follows named maps of verdicts, as Docker and kube-proxy have them', () => {
    const table = `table ip docker-bridges {
      map jumps { type ifname : verdict; elements = { "docker0" : jump in__docker0, "other" : drop }; }
      chain in__docker0 { ct state established counter accept; counter drop comment "UNPUBLISHED PORT DROP"; }
      chain filter-FORWARD { type filter hook forward priority 0; oifname vmap @jumps; }
    }`;
    const expected = [{ chain: 'ip docker-bridges in__docker0', paths: ['forward'], owners: ['docker'], packets: 0 }];
    expect(refusalsIn(list(table))).toMatchObject(expected);
    // A map of the same name in another table is another one.
    const other = 'table ip other { map jumps { type ifname : verdict; }\n chain c { oifname vmap @jumps; }\n}';
    expect(refusalsIn(list(`${table}\n${other}`))).toMatchObject(expected);
  });

  it('leaves out what iptables shows', () => {
    const command = 'iptables -P FORWARD DROP && iptables -A FORWARD -j DROP && nft -j list ruleset';
    const text = execFileSync('unshare', ['--net', 'sh', '-c', command], { encoding: 'utf8' });
    expect(text).toContain('"FORWARD"');
    expect(refusalsIn(text)).toEqual([]);
  });

  it('reads damaged text or refuses it', () => {
    expectParsedOrRefused(refusalsIn, list(inForward('counter drop')));
  });
});
