import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { isNone, type Remedy } from '../../../src/diagnosis/remedy.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

const asked = 30;
const outgoing = { ipv4: '198.51.100.1', ipv6: 'fd02::1' } as const;

/** Connections that find no source port; NAT applies to so many entries of one destination. */
const lost = (count: number, translated: number) => {
  const labels = 'protocol="tcp",address="198.51.100.10",port="8080",zone="0"';
  return samplesOf(`conntrack_entries 90
    conntrack_entries_limit 100000
    conntrack_insert_failed_total{cpu="0"} ${count}
    conntrack_destination_entries{${labels}} ${translated}
    conntrack_destination_translated_entries{${labels}} ${translated}`);
};

function undoOf({ undo }: Remedy): readonly string[] {
  return isNone(undo) ? [] : undo;
}

const rules: readonly ['ipv4' | 'ipv6', 'iptables' | 'nft'][] = [
  ['ipv4', 'iptables'],
  ['ipv6', 'nft'],
];

describe.each(rules)('source ports of %s in a rule of %s', neededByHop, (family, tool) => {
  let hop: Hop;
  const ip = family === 'ipv6' ? 'ip6' : 'ip';
  const address = outgoing[family];
  const target = `${family === 'ipv6' ? `[${address}]` : address}:40000-40001`;

  beforeAll(async () => {
    hop = await createHop('snat', family);
    hop.type(
      tool === 'iptables'
        ? [
            `${ip}tables -t nat -A POSTROUTING -s ${family === 'ipv6' ? 'fd77::/64' : '10.77.0.0/16'} -j RETURN`,
            `${ip}tables -t nat -A POSTROUTING -p tcp -m comment --comment "all clients" -j SNAT --to-source ${target}`,
          ]
        : [
            `nft 'add table ${ip} n; add chain ${ip} n post { type nat hook postrouting priority 100; }'`,
            `nft add rule ${ip} n post meta l4proto tcp counter snat to ${target}`,
          ],
    );
  });
  afterAll(() => hop.end());

  const find = async (translated: number) => {
    const firewall = await hop.readFirewall();
    return diagnose([...lost(1100, translated), ...firewall], [...lost(100, translated), ...firewall]);
  };
  const replied = () => {
    hop.run('hop', 'conntrack -F 2>/dev/null');
    return hop.request(hop.addresses.server, serverPort, asked);
  };

  it('are used up, and are not with the remedy', async () => {
    expect(replied()).toBeLessThan(asked);
    const [finding] = await find(2);
    expect(finding?.remedies[0]?.id).toBe('random-ports');
    const remedy = remedyOf(finding, 'random-ports');
    hop.type(remedy.commands);
    expect(replied()).toBe(asked);
    expect((await find(2))[0]?.remedies.map(({ id }) => id)).not.toContain('random-ports');
    hop.type(undoOf(remedy));
    expect(replied()).toBeLessThan(asked);
  });

  it('are chosen at random, and nothing else of the rule changes, where they suffice', async () => {
    const remedy = remedyOf((await find(1))[0], 'random-ports');
    const list = `${ip}tables-save -t nat | grep -v '^[#:]'; nft list ruleset | grep 'snat to' || true`;
    const show = () => hop.run('hop', list).replaceAll(/packets \d+ bytes \d+/g, '');
    const before = show();
    hop.type(remedy.commands);
    expect(show().replaceAll(/ (--random-fully|fully-random)/g, '')).toBe(before);
    hop.type(undoOf(remedy));
    expect(show()).toBe(before);
  });
});

describe('the owner of a rule that translates sources', () => {
  const rule = (chain: string, text: string, tool = 'iptables', more = '') =>
    samplesOf(
      `firewall_source_nat_rule_info{tool="${tool}",chain="${chain}",position="1",rule="${text}",ports="",addresses="",random="no"} 1${more}`,
    );
  const persistent = (...place: Parameters<typeof rule>) => {
    const firewall = rule(...place);
    const findings = diagnose([...lost(1100, 5), ...firewall], [...lost(100, 5), ...firewall]);
    return JSON.stringify(remedyOf(findings[0], 'random-ports').persistent);
  };

  it.each([
    ['KUBE-POSTROUTING', '-j MASQUERADE', 'kube-proxy'],
    ['neutron-l3-agent-snat', '-o qg-1 -j SNAT --to-source 203.0.113.5', 'use_random_fully'],
    ['CNI-0123', '! -d 224.0.0.0/4 -j MASQUERADE', 'plug-in'],
    ['POSTROUTING', '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE', 'Docker'],
    ['POSTROUTING', '-s 172.18.0.0/16 ! -o docker_gwbridge -j MASQUERADE', 'Docker'],
    ['LIBVIRT_PRT', '-s 192.168.122.0/24 ! -d 192.168.122.0/24 -j MASQUERADE', 'libvirt'],
    ['POST_public_allow', '! -o lo -j MASQUERADE', 'firewalld'],
    ['ts-postrouting', '-m mark --mark 0x40000/0xff0000 -j MASQUERADE', 'Tailscale'],
    ['POSTROUTING', '-o eth0 -j MASQUERADE', '/etc/iptables/rules.v4'],
  ])('%s %s is named: %s', (chain, text, owner) => {
    expect(persistent(chain, text)).toContain(owner);
  });

  it.each([
    ['ufw', '/etc/ufw/before.rules', '-A POSTROUTING -o eth0 -j MASQUERADE --random-fully'],
    [
      'firewalld',
      '/etc/firewalld/direct.xml',
      'chain=\\"POSTROUTING\\" priority=\\"0\\">-o eth0 -j MASQUERADE --random-fully</rule>',
    ],
  ])('a rule of the operator is kept where %s loads it', (owner, file, line) => {
    const more = `\nprerequisites_setting_owner_running{owner="${owner}"} 1`;
    const kept = persistent('POSTROUTING', '-o eth0 -j MASQUERADE', 'iptables', more);
    expect(kept).toContain(file);
    expect(kept).toContain(line);
  });

  it.each([
    ['iptables-legacy', 'v4'],
    ['ip6tables-legacy', 'v6'],
  ])('a rule of %s is kept in rules.%s', (tool, version) => {
    expect(persistent('POSTROUTING', '-o eth0 -j MASQUERADE', tool)).toContain(`/etc/iptables/rules.${version}`);
  });
});

it('a comment of a rule is no command for the shell', () => {
  const firewall = samplesOf(
    'firewall_source_nat_rule_info{tool="iptables",chain="POSTROUTING",position="2",rule="-m comment --comment \\"a $(b) \\" -j MASQUERADE",ports="",addresses="",random="no"} 1',
  );
  const [finding] = diagnose([...lost(1100, 5), ...firewall], [...lost(100, 5), ...firewall]);
  expect(remedyOf(finding, 'random-ports').commands).toEqual([
    "iptables -t nat -I POSTROUTING 2 -m comment --comment 'a $(b) ' -j MASQUERADE --random-fully",
    "iptables -t nat -D POSTROUTING -m comment --comment 'a $(b) ' -j MASQUERADE",
  ]);
});
