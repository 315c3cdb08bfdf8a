import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { inShort, remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop } from './hop.ts';

interface Gateway {
  readonly address?: string;
  readonly replied?: number;
  readonly unreplied?: number;
  /** Addresses that a rule translates to. */
  readonly rule?: string;
  readonly more?: string;
}

function find({ address = '203.0.113.9', replied = 30, unreplied = 0, rule, more = '' }: Gateway) {
  const rules =
    rule === undefined
      ? ''
      : `firewall_source_nat_rule_info{tool="iptables",chain="POSTROUTING",position="1",rule="",ports="",addresses="${rule}",random="no"} 1`;
  const text = `lvs_exporter_collector_success{collector="firewall"} 1
    prerequisites_own_address_info{address="198.51.100.1"} 1
    prerequisites_tool_installed{tool="conntrack"} 1
    prerequisites_tool_installed{tool="iptables"} 1
    conntrack_translation_entries{address="${address}",replied="yes"} ${replied}
    conntrack_translation_entries{address="${address}",replied="no"} ${unreplied}
    conntrack_translation_entries{address="198.51.100.1",replied="yes"} 500
    ${rules}
    ${more}`;
  return diagnose(samplesOf(text)).filter(({ id }) => id === 'nat-address-gone');
}

describe('nat-address-gone', () => {
  it('is about entries of before, or about a rule without replies', () => {
    expect(find({}).map(inShort)).toEqual(['warning nat-address-gone 203.0.113.9']);
    expect(find({})[0]?.remedies.map(({ id }) => id)).toEqual(['remove-old-translations', 'look-at-translations']);
    const ruled = find({ replied: 2, unreplied: 28, rule: '203.0.113.8-203.0.113.11' });
    expect(ruled.map(inShort)).toEqual(['critical nat-address-gone 203.0.113.9']);
    expect(ruled[0]?.remedies.map(({ id }) => id)).toEqual(['look-at-translations']);
    expect(remedyOf(ruled[0], 'look-at-translations').commands).toEqual([
      'ip address show to 203.0.113.9',
      "sh -c '(iptables-save -t nat) | grep -F 203.0.113.9'",
    ]);
  });

  it.each<[string, Gateway]>([
    ['of few entries', { replied: 4 }],
    ['of a pool whose connections are answered', { replied: 25, unreplied: 5, rule: '203.0.113.9' }],
    ['beside a rule whose addresses are not known', { rule: '?' }],
    ['on a standby of conntrackd', { more: 'prerequisites_setting_owner_running{owner="conntrackd"} 1' }],
    [
      'on a backup router',
      { more: 'keepalived_vrrp_state{instance_name="a",interface="eth0",vrid="1",family="ipv4",state="backup"} 1' },
    ],
  ])('is silent %s', (_what, gateway) => {
    expect(find(gateway)).toEqual([]);
  });
});

describe.each(['ipv4', 'ipv6'] as const)('old translations, %s', neededByHop, (family) => {
  const [ip, gone, present, server] =
    family === 'ipv4'
      ? (['ip', '203.0.113.9', '198.51.100.1', '198.51.100.10'] as const)
      : (['ip6', '2001:db8::9', 'fd02::1', 'fd02::10'] as const);
  let hop: Hop;
  beforeAll(async () => {
    hop = await createHop(`translated-${family}`, family);
    hop.type([
      `nft 'add table ${ip} n; add chain ${ip} n post { type nat hook postrouting priority 100; }'`,
      `nft add rule ${ip} n post oifname far snat to ${gone}`,
    ]);
    hop.run('server', `ip route add blackhole ${gone}`);
  });
  afterAll(() => hop.end());

  /** Of a telephone: always from the same port. */
  const program = `const s = require("dgram").createSocket("${family === 'ipv4' ? 'udp4' : 'udp6'}"); s.bind(4000 + Number(process.argv[1]), () => s.send("x", 9, "${server}", () => s.close()))`;
  const send = (telephone: number) => hop.run('client', `${process.execPath} -e '${program}' ${telephone}`);
  const translated = () =>
    [gone, present].map((address) => hop.list('-p udp').filter((line) => line.includes(`dst=${address} `)).length);

  it('go with the remedy, and no other entry, and the next packet of a flow has the present address', () => {
    send(1);
    send(2);
    hop.type([`nft flush chain ${ip} n post`, `nft add rule ${ip} n post oifname far masquerade`]);
    send(2);
    send(3);
    expect(translated()).toEqual([2, 1]);
    hop.type(remedyOf(find({ address: gone })[0], 'remove-old-translations').commands);
    expect(translated()).toEqual([0, 1]);
    send(2);
    expect(translated()).toEqual([0, 2]);
  });
});
