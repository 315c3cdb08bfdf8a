import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { inShort, remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop } from './hop.ts';

interface Gateway {
  readonly service?: string;
  readonly port?: number;
  readonly targets?: Readonly<Record<string, number>>;
  /** Addresses that rules translate to. */
  readonly rules?: readonly string[];
  /** What a rule translates: its address, its port. */
  readonly translates?: readonly [string, string];
  readonly more?: string;
}

function find(gateway: Gateway) {
  const { service = '203.0.113.1', port = 8125, targets = { '172.17.0.2': 30 } } = gateway;
  const { rules = ['172.17.0.3'], translates = ['', String(port)], more = '' } = gateway;
  const text = `lvs_exporter_collector_success{collector="firewall"} 1
    prerequisites_own_address_info{address="198.51.100.1"} 1
    prerequisites_tool_installed{tool="conntrack"} 1
    firewall_nat_rule_info{protocol="udp",address="${translates[0]}",port="${translates[1]}"} 1
    ${rules.map((addresses) => `firewall_nat_target_info{addresses="${addresses}"} 1`).join('\n')}
    ${Object.entries(targets)
      .map(
        ([target, entries]) =>
          `conntrack_target_entries{address="${service}",port="${port}",target="${target}",replied="no"} ${entries}`,
      )
      .join('\n')}
    ${more}`;
  return diagnose(samplesOf(text)).filter(({ id }) => id === 'nat-target-gone');
}

describe('nat-target-gone', () => {
  it('is about flows to an address that no rule has any more', () => {
    const [finding] = find({ targets: { '172.17.0.2': 30, '172.17.0.3': 400, '172.17.0.9': 5 } });
    expect(finding && inShort(finding)).toBe('warning nat-target-gone udp 203.0.113.1:8125');
    expect(finding).toMatchObject({
      numbers: { presentEntries: 35, unrepliedEntries: 35, goneDestinations: 2 },
      details: { targets: ['172.17.0.2', '172.17.0.9'] },
    });
  });

  it.each<[string, Gateway]>([
    ['few flows', { targets: { '172.17.0.2': 4 } }],
    ['a target that a rule has', { rules: ['172.17.0.3', '172.17.0.2'] }],
    ['a target in a range of a rule', { rules: ['172.17.0.1-172.17.0.9'] }],
    [
      'a target in a range of IPv6',
      { service: '2001:db8::1', targets: { 'fd00::2': 9 }, rules: ['fd00::1-fd00:0:0:1::'] },
    ],
    ['a rule whose addresses are not known', { rules: ['172.17.0.3', '?'] }],
    ['an address of this host', { targets: { '198.51.100.1': 30 } }],
    ['a helper, which translates ports that no rule names', { translates: ['', '5060'] }],
    ['a rule that translates everything', { translates: ['', ''] }],
    ['a standby of conntrackd', { more: 'prerequisites_setting_owner_running{owner="conntrackd"} 1' }],
  ])('is silent about %s', (_what, gateway) => {
    expect(find(gateway)).toEqual([]);
  });
});

describe.each(['ipv4', 'ipv6'] as const)('datagrams to an old target, %s', neededByHop, (family) => {
  const service = family === 'ipv4' ? '203.0.113.1' : '2001:db8:9::1';
  const gone = family === 'ipv4' ? '198.51.100.99' : 'fd02::99';
  let hop: Hop;
  beforeAll(async () => {
    hop = await createHop(`target-${family}`, family);
    hop.run('hop', `ip neighbour add ${gone} lladdr 02:00:00:00:00:99 dev far`);
  });
  afterAll(() => hop.end());

  const ip = family === 'ipv4' ? 'ip' : 'ip6';
  const translate = (target: string) =>
    hop.type([
      `nft 'add table ${ip} n; add chain ${ip} n pre { type nat hook prerouting priority -100; }; flush chain ${ip} n pre'`,
      `nft add rule ${ip} n pre ${ip} daddr ${service} udp dport 8125 dnat to ${target}`,
    ]);
  const program = `const s = require("dgram").createSocket("${family === 'ipv4' ? 'udp4' : 'udp6'}"); s.bind(4000 + Number(process.argv[1]), () => s.send("x", 8125, "${service}", () => s.close()))`;
  const send = (client: number) => hop.run('client', `${process.execPath} -e '${program}' ${client}`);
  const translated = () =>
    [gone, hop.addresses.server].map(
      (address) => hop.list('-p udp').filter((line) => line.includes(`src=${address} `)).length,
    );

  it('go with the remedy, and no other entry, and the next one goes where the rules say', () => {
    translate(gone);
    for (const client of [1, 2]) send(client);
    translate(hop.addresses.server);
    for (const client of [2, 3]) send(client);
    expect(translated()).toEqual([2, 1]);
    const [finding] = find({
      service,
      targets: { [gone]: 5 },
      rules: [hop.addresses.server],
    });
    hop.type(remedyOf(finding, 'remove-old-targets').commands);
    expect(translated()).toEqual([0, 1]);
    send(2);
    expect(translated()).toEqual([0, 2]);
  });
});
