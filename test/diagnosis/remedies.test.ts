import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Remedy } from '../../src/diagnosis/finding.ts';
import { parseIptablesSave } from '../../src/parsers/firewall/iptables-save.ts';
import { parseNftRuleset } from '../../src/parsers/firewall/nft-ruleset.ts';
import { needs } from '../needs.ts';
import { samplesOf } from './samples.ts';

const programs = needs(
  'bash',
  'conntrack',
  'ip',
  'iptables',
  'nft',
  'root',
  'network namespaces',
  'ctnetlink',
  'nf_tables',
  'IPv6',
);

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
    nft add rule inet silent input ct state established accept`,
  );
}

/** The remedies for a table that this destination fills. */
function remediesFor(address: Address, protocol = 'tcp'): readonly Remedy[] {
  const labels = `protocol="${protocol}",address="${address}",port="80",zone="0"`;
  const [finding] = diagnose(
    samplesOf(`
      conntrack_entries 900
      conntrack_entries_limit 1000
      conntrack_buckets 1024
      conntrack_timeout_seconds{protocol="tcp",state="syn_sent"} 120
      conntrack_destination_entries{${labels}} 900
      conntrack_destination_unreplied_entries{${labels}} 900
      conntrack_destination_verdict{${labels},verdict="direct_return"} 1`),
  );
  return finding?.remedies ?? [];
}

function find(address: Address, title: RegExp): Remedy {
  const remedy = remediesFor(address).find((one) => title.test(one.title));
  if (remedy === undefined) throw new Error(`No remedy ${title}`);
  return remedy;
}

/** What the host tracks after the client tried to connect: state and seconds left. */
function track(address: Address): string[] {
  run(host, 'conntrack -F 2>/dev/null');
  run(client, `timeout 0.3 bash -c 'exec 3<>/dev/tcp/${address}/80' 2>/dev/null || true`);
  return list(address);
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

describe('the remedies, typed into a shell', programs, () => {
  beforeAll(makeNamespaces);
  afterAll(() => {
    for (const name of [host, client]) execFileSync('ip', ['netns', 'delete', name]);
  });

  it.each(['10.9.0.100', 'fd09::100'] as const)('without one, %s is tracked for 120 s', (address) => {
    expect(track(address)).toEqual([expect.stringMatching(/^SYN_SENT 1(20|19|18)$/)]);
  });

  it.each([
    ['10.9.0.100', /with iptables/],
    ['10.9.0.100', /with nftables/],
    ['fd09::100', /with iptables/],
    ['fd09::100', /with nftables/],
  ] as const)('%s is not tracked, %s', (address, title) => {
    const { commands, undo } = find(address, new RegExp(`^Do not track.*${title.source}`));
    expect(track(address)).toHaveLength(1);
    type(commands);
    expect(list(address)).toEqual([]);
    expect(track(address)).toEqual([]);
    expect(notrackDestinations()).toEqual([address]);
    type(undo);
    expect(track(address)).toHaveLength(1);
    expect(notrackDestinations()).toEqual([]);
  });

  it.each(['10.9.0.100', 'fd09::100'] as const)('%s has timers of its own', (address) => {
    const { commands, undo } = find(address, /^Shorten the timers/);
    type(commands);
    expect(track(address)).toEqual([expect.stringMatching(/^SYN_SENT ([89]|10)$/)]);
    type(undo);
    expect(track(address)).toEqual([expect.stringMatching(/^SYN_SENT 1(20|19|18)$/)]);
  });

  it('everybody has shorter timers', () => {
    const { commands, undo } = find('10.9.0.100', /^Keep unanswered/);
    type(commands);
    expect(track('10.9.0.100')).toEqual([expect.stringMatching(/^SYN_SENT (20|19|18)$/)]);
    type(undo);
    expect(track('10.9.0.100')).toEqual([expect.stringMatching(/^SYN_SENT 1(20|19|18)$/)]);
  });
});

/** As the firewall collector reads them. */
function notrackDestinations(): string[] {
  const rules = [
    ...parseIptablesSave(run(host, 'iptables-save -c')),
    ...parseIptablesSave(run(host, 'ip6tables-save -c')),
    ...parseNftRuleset(run(host, 'nft -j list ruleset')),
  ];
  const destinations = rules.filter(({ action }) => action === 'notrack').map(({ destination }) => destination);
  return destinations.filter((destination) => destination !== '');
}
