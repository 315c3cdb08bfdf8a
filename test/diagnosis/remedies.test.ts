import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { RemedyId } from '../../src/diagnosis/remedies/index.ts';
import { isNone, type Remedy } from '../../src/diagnosis/remedy.ts';
import { parseIptablesSave } from '../../src/parsers/firewall/iptables-save.ts';
import { parseNftRuleset } from '../../src/parsers/firewall/nft-ruleset.ts';
import { readNftTables } from '../../src/parsers/firewall/nft-tables.ts';
import { neededByHop } from './remedies/hop.ts';
import { remedyOf, samplesOf } from './samples.ts';

/** A host that packets come to, and a client; the answers of the host never reach its connection tracking. */
const host = `lvs-host-${process.pid}`;
const client = `lvs-client-${process.pid}`;
const addresses = { '10.9.0.100': '10.9.0.1', 'fd09::100': 'fd09::1' };
type Address = keyof typeof addresses;

function run(netns: string, command: string): string {
  return execFileSync('ip', ['netns', 'exec', netns, 'bash', '-c', command], { encoding: 'utf8', stdio: 'pipe' });
}

function makeNamespaces(): void {
  for (const name of [host, client]) execFileSync('ip', ['netns', 'add', name]);
  execFileSync('ip', ['link', 'add', 'eth0', 'netns', host, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', client]);
  for (const [to, from] of Object.entries(addresses)) {
    const length = to.includes(':') ? '64 nodad' : '24';
    run(host, `ip address add ${to}/${length} dev eth0`);
    run(client, `ip address add ${from}/${length} dev eth0`);
  }
  for (const name of [host, client]) run(name, 'ip link set eth0 up');
  run(
    host,
    `nft add table inet silent
    nft 'add chain inet silent output { type filter hook output priority -350; }'
    nft add rule inet silent output meta l4proto tcp drop
    nft add rule inet silent output icmpv6 type destination-unreachable drop
    nft 'add chain inet silent input { type filter hook input priority 0; }'
    nft add rule inet silent input ct state established accept
    nft add counter inet silent arrived
    nft 'add chain inet silent prerouting { type filter hook prerouting priority -350; }'
    nft add rule inet silent prerouting tcp dport 80 counter name arrived`,
  );
}

/** A remedy for a table that this destination fills. */
function find(address: Address, id: RemedyId, more = ''): Remedy {
  const labels = `protocol="tcp",address="${address}",port="80",zone="0"`;
  const [finding] = diagnose(
    samplesOf(
      `conntrack_entries 900
      conntrack_entries_limit 1000
      conntrack_buckets 1024
      conntrack_timeout_seconds{protocol="tcp",state="syn_sent"} 120
      conntrack_destination_entries{${labels}} 900
      conntrack_destination_unreplied_entries{${labels}} 900
      conntrack_destination_verdict{${labels},verdict="direct_return"} 1`,
      more,
    ),
  );
  return remedyOf(finding, id);
}

/** The default of the kernel, of an entry that was just seen. */
const usual = /^SYN_SENT 1[0-2]\d$/;

/** What the host tracks after the client tried to connect: state and seconds left. */
function track(address: Address): string[] {
  for (let tries = 0; tries < 60; tries++) {
    run(host, 'conntrack -F 2>/dev/null; nft reset counter inet silent arrived');
    run(client, `timeout 0.2 bash -c 'exec 3<>/dev/tcp/${address}/80' 2>/dev/null || true`);
    if (!run(host, 'nft list counter inet silent arrived').includes('packets 0 ')) return list(address);
  }
  throw new Error(`Nothing arrived at ${address}`);
}

function list(address: Address): string[] {
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const lines = run(host, `conntrack -L -f ${family} -p tcp 2>/dev/null`)
    .split('\n')
    .filter((line) => line.includes(address));
  return lines.map((line) => line.replace(/^tcp +6 (\d+) (\w+) .*$/, '$2 $1'));
}

function type(commands: readonly string[]): void {
  for (const command of commands) run(host, command);
}

function undo({ undo: commands }: Remedy): void {
  type(isNone(commands) ? [] : commands);
}

describe('the remedies, typed into a shell', neededByHop, () => {
  beforeAll(makeNamespaces);
  afterAll(() => {
    for (const name of [host, client]) execFileSync('ip', ['netns', 'delete', name]);
  });

  it.each(['10.9.0.100', 'fd09::100'] as const)('without one, %s is tracked for 120 s', (address) => {
    expect(track(address)).toEqual([expect.stringMatching(usual)]);
  });

  it.each([
    ['10.9.0.100', 'notrack-iptables'],
    ['10.9.0.100', 'notrack-nftables'],
    ['fd09::100', 'notrack-iptables'],
    ['fd09::100', 'notrack-nftables'],
  ] as const)('%s is not tracked, with %s', (address, id) => {
    const remedy = find(address, id);
    expect(track(address)).toHaveLength(1);
    type(remedy.commands);
    expect(list(address)).toEqual([]);
    expect(track(address)).toEqual([]);
    expect(notrackDestinations()).toEqual([address]);
    type(remedy.verify);
    undo(remedy);
    expect(track(address)).toHaveLength(1);
    expect(notrackDestinations()).toEqual([]);
  });

  it.each(['10.9.0.100', 'fd09::100'] as const)('entries of %s from before a rule are removed', (address) => {
    const rule = `firewall_notrack_rule_info{protocol="tcp",address="${address}",port="80"} 1`;
    expect(track(address)).toHaveLength(1);
    type(find(address, 'remove-tracked-entries', rule).commands);
    expect(list(address)).toEqual([]);
  });

  it.each(['10.9.0.100', 'fd09::100'] as const)(
    'what must be checked before is a command that works: %s',
    (address) => {
      const { checkFirst } = find(address, 'notrack-iptables');
      expect(checkFirst.map(({ id }) => id)).toEqual(['no-nat', 'stateless-firewall']);
      expect(track(address)).toHaveLength(1);
      const [nat, firewall] = checkFirst.map(({ command }) => run(host, command));
      expect(nat).toBe('');
      expect(firewall).toContain('ct state established');
    },
  );

  it.each(['10.9.0.100', 'fd09::100'] as const)('%s has timers of its own', (address) => {
    const remedy = find(address, 'destination-timers-nftables');
    type(remedy.commands);
    expect(track(address)).toEqual([expect.stringMatching(/^SYN_SENT (\d|10)$/)]);
    type(remedy.verify);
    undo(remedy);
    expect(track(address)).toEqual([expect.stringMatching(usual)]);
  });

  it('every destination has shorter timers', () => {
    const remedy = find('10.9.0.100', 'unreplied-timers');
    type(remedy.commands);
    expect(track('10.9.0.100')).toEqual([expect.stringMatching(/^SYN_SENT (1?\d|20)$/)]);
    undo(remedy);
    expect(track('10.9.0.100')).toEqual([expect.stringMatching(usual)]);
  });
});

const masquerades =
  'ipvs_real_server_weight{protocol="tcp",address="10.0.0.100",port="80",fwmark="",real_address="10.0.0.11",real_port="80",forward="masquerade"} 1';
const vrrp = 'instance_name="web",interface="eth0",vrid="51",family="ipv4"';

/** Faults of settings and addresses: what shows each, how it is set up, and what to read before and after. */
const settings: readonly (readonly [
  RemedyId,
  fault: string,
  setUp: string,
  read: string,
  before: string,
  after: string,
])[] = [
  [
    'default-timers',
    'conntrack_timeout_seconds{protocol="udp",state=""} 40',
    'sysctl -qw net.netfilter.nf_conntrack_udp_timeout=40',
    'sysctl -n net.netfilter.nf_conntrack_udp_timeout',
    '40',
    '30',
  ],
  [
    'loose-reverse-path',
    'network_reverse_path_filtered_total 70',
    'sysctl -qw net.ipv4.conf.all.rp_filter=0',
    'sysctl -n net.ipv4.conf.all.rp_filter',
    '0',
    '2',
  ],
  [
    'quiet-arp',
    'network_hidden_address_info{address="10.9.0.7",interface="eth0"} 1',
    'sysctl -qw net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0',
    'sysctl -n net.ipv4.conf.all.arp_ignore net.ipv4.conf.all.arp_announce',
    '0\n0',
    '1\n2',
  ],
  [
    'no-redirects',
    `${masquerades}\nnetwork_setting{name="ipv4.ip_forward"} 1\nnetwork_interface_setting{interface="eth0",name="send_redirects"} 1`,
    'sysctl -qw net.ipv4.conf.eth0.send_redirects=1',
    'sysctl -n net.ipv4.conf.eth0.send_redirects',
    '1',
    '0',
  ],
  [
    'forward-packets',
    `${masquerades}\nnetwork_setting{name="ipv4.ip_forward"} 0`,
    'sysctl -qw net.ipv4.ip_forward=0',
    'sysctl -n net.ipv4.ip_forward',
    '0',
    '1',
  ],
  [
    'remove-address',
    `keepalived_vrrp_state{${vrrp},state="backup"} 1\nkeepalived_vrrp_address_bound{${vrrp},address="10.9.0.50"} 1`,
    'ip address add 10.9.0.50/32 dev eth0',
    'ip -o address show dev eth0 | grep -c 10.9.0.50 || true',
    '1',
    '0',
  ],
  [
    'add-address',
    `keepalived_vrrp_state{${vrrp},state="master"} 1\nkeepalived_vrrp_address_bound{${vrrp},address="10.9.0.51"} 0`,
    'true',
    'ip -o address show dev eth0 | grep -c 10.9.0.51 || true',
    '0',
    '1',
  ],
];

describe('the remedies for settings and addresses', neededByHop, () => {
  beforeAll(makeNamespaces);
  afterAll(() => {
    for (const name of [host, client]) execFileSync('ip', ['netns', 'delete', name]);
  });

  it.each(settings)('%s', (id, fault, setUp, read, before, after) => {
    const earlier = fault.replaceAll(/(_total(?:\{[^}]*\})?) \d+/g, '$1 0');
    const findings = diagnose(samplesOf(fault), samplesOf(earlier));
    const remedy = remedyOf(
      findings.find(({ remedies }) => remedies.some((one) => one.id === id)),
      id,
    );
    run(host, setUp);
    expect(run(host, read).trim()).toBe(before);
    // arping of another package has other options; it only announces.
    type(remedy.commands.filter((command) => !command.startsWith('arping')));
    expect(run(host, read).trim()).toBe(after);
    type(remedy.verify.filter((command) => !command.startsWith('lvs-exporter')));
    undo(remedy);
    expect(run(host, read).trim()).toBe(before);
  });
});

/** As the firewall collector reads them. */
function notrackDestinations(): string[] {
  const rules = [
    ...parseIptablesSave(run(host, 'iptables-save -c')),
    ...parseIptablesSave(run(host, 'ip6tables-save -c')),
    ...parseNftRuleset(readNftTables(run(host, 'nft -j list ruleset'))),
  ];
  const destinations = rules.filter(({ action }) => action === 'notrack').map(({ destination }) => destination);
  return [...new Set(destinations)].filter((destination) => destination !== '');
}
