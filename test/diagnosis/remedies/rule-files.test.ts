import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepRules } from '../../../src/diagnosis/commands/rule-files.ts';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import type { RemedyId } from '../../../src/diagnosis/remedies/index.ts';
import { type FileLines, isNone, type Plan } from '../../../src/diagnosis/remedy.ts';
import { needs } from '../../needs.ts';
import { remedyOf, samplesOf } from '../samples.ts';

const labels = (address: string, protocol: string, port: number, netns: string) =>
  `protocol="${protocol}",address="${address}",port="${port}",zone="0"${netns === '' ? '' : `,netns="${netns}"`}`;

/** A table that one destination fills. */
function filledBy(address: string, protocol = 'tcp', port = 80, netns = '') {
  const destination = labels(address, protocol, port, netns);
  const here = netns === '' ? '' : `{netns="${netns}"}`;
  return `conntrack_entries${here} 900
    conntrack_entries_limit${here} 1000
    conntrack_buckets${here} 1024
    conntrack_destination_entries{${destination}} 900
    conntrack_destination_unreplied_entries{${destination}} 900
    conntrack_destination_verdict{${destination},verdict="direct_return"} 1`;
}

function keptBy(text: string, id: RemedyId, owner = '') {
  const running = owner === '' ? '' : `\nprerequisites_setting_owner_running{owner="${owner}"} 1`;
  return remedyOf(diagnose(samplesOf(text + running))[0], id).persistent;
}

/** What is kept of the remedy for chains that drop something: `nft inet filter input`. */
function keptIn(id: 'accept-neighbours' | 'accept-vrrp', chains: readonly string[], more = '') {
  const places = chains.map((chain) => chain.replace(/^(\S+) (.*)$/, 'tool="$1",chain="$2"'));
  const [kind, text] =
    id === 'accept-neighbours'
      ? ['neighbours', '']
      : ['vrrp', 'keepalived_vrrp_state{instance_name="a",family="ipv4",state="backup"} 1\n'];
  const cast = kind === 'vrrp' ? ',family="ipv4",cast="multicast"' : '';
  const rules = places.map((place) => `firewall_drops_${kind}_info{${place}${cast}} 1\n`).join('');
  const at = (count: number) =>
    samplesOf(`lvs_exporter_collector_last_success_timestamp_seconds{collector="firewall"} ${count}
      firewall_neighbour_messages_total{message="solicitation_sent"} ${count}
      firewall_neighbour_messages_total{message="advertisement_received"} 0
      ${text}${rules}${more}`);
  const finding = diagnose(at(20), at(10)).find(({ remedies }) => remedies.some((one) => one.id === id));
  return remedyOf(finding, id).persistent;
}

const runs = (owner: string) => `prerequisites_setting_owner_running{owner="${owner}"} 1\n`;

const [ipv4, ipv6] = ['198.51.100.10', '2001:db8::10'];

/** With a chain of its own, a section that ours adds to, and none that ours needs. */
const files: Readonly<Record<string, string>> = {
  '/etc/iptables/rules.v4': `*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p udp -m udp --dport 53 -j CT --notrack
COMMIT
*filter
:INPUT ACCEPT [0:0]
:web - [0:0]
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -j web
-A web -j RETURN
COMMIT
`,
  '/etc/nftables.conf': `flush ruleset
table inet filter {
  chain input {
    type filter hook input priority 0; policy accept;
    tcp dport 22 accept
  }
}
`,
};

/** The file as somebody leaves it who does what the words say. */
function edit(text: string, { where = '', lines }: FileLines): string {
  const [, section] = /^before the COMMIT of its section (\*\w+) /.exec(where) ?? [];
  const added = `${lines.join('\n')}\n`;
  if (section === undefined) {
    expect(where).toMatch(/^at its end(, if it creates the chain)?$/);
    return text + added;
  }
  const start = text.indexOf(`${section}\n`);
  if (start < 0) return `${text}${section}\n${added}COMMIT\n`;
  const commit = text.indexOf('COMMIT\n', start);
  return text.slice(0, commit) + added + text.slice(commit);
}

describe(
  'rules in the file that keeps them',
  needs('ip', 'iptables', 'nft', 'root', 'network namespaces', 'nf_tables', 'IPv6'),
  () => {
    const namespace = `lvs-rule-files-${process.pid}`;
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'lvs-rule-files-'));
      execFileSync('ip', ['netns', 'add', namespace]);
    });
    afterEach(() => {
      execFileSync('ip', ['netns', 'delete', namespace]);
      rmSync(folder, { recursive: true });
    });

    const run = (...words: readonly string[]) =>
      execFileSync('ip', ['netns', 'exec', namespace, ...words], { encoding: 'utf8', stdio: 'pipe' });

    /** What the machine has after two starts: an enabled service may load its file again. */
    function load(file: FileLines): string {
      const path = join(folder, 'rules');
      writeFileSync(path, edit(files[file.file.replace('rules.v6', 'rules.v4')] ?? '', file));
      const program = file.file.endsWith('.v6') ? 'ip6tables' : 'iptables';
      const isNft = file.file === '/etc/nftables.conf';
      for (let start = 0; start < 2; start++) {
        if (isNft) run('nft', '-f', path);
        else run(`${program}-restore`, path);
      }
      return isNft ? run('nft', 'list', 'ruleset') : run(`${program}-save`);
    }

    const before = {
      iptables: ['-A PREROUTING -p udp -m udp --dport 53 -j CT --notrack', '--dport 22 -j ACCEPT', '-A web -j RETURN'],
      nft: ['tcp dport 22 accept'],
    };

    it.each([
      [filledBy(ipv4), 'notrack-iptables', '-j CT --notrack', 5],
      [filledBy(ipv6), 'notrack-iptables', '-j CT --notrack', 5],
      [filledBy(ipv4), 'notrack-nftables', 'bytes 0 notrack', 4],
      [filledBy(ipv6), 'notrack-nftables', 'bytes 0 notrack', 4],
      [filledBy(ipv4), 'limit-destination-iptables', '-m connlimit', 1],
      [filledBy(ipv6), 'limit-destination-nftables', 'ct count over', 1],
      [filledBy(ipv4), 'destination-timers-nftables', 'ct timeout set', 1],
      [filledBy(ipv4, 'udp', 4789), 'notrack-tunnels', '--dport 4789 -j CT --notrack', 2],
      [filledBy(ipv4, 'udp', 4789), 'notrack-tunnels-nftables', 'udp dport 4789', 2],
    ] as const)('case %#: they are there once, and so are all that were before', (text, id, rule, times) => {
      checkLoaded(keptBy(text, id), id.endsWith('nftables') ? 'nft' : 'iptables', rule, times);
    });

    it.each([
      ['accept-neighbours', 'nft inet filter input', 'bytes 0 accept'],
      ['accept-vrrp', 'nft inet filter input', 'bytes 0 accept'],
      ['accept-vrrp', 'iptables filter INPUT', '-p vrrp -j ACCEPT'],
    ] as const)('%s in %s is there once, and so are all that were before', (id, chain, rule) => {
      checkLoaded(keptIn(id, [chain]), chain.startsWith('nft') ? 'nft' : 'iptables', rule, 1);
    });

    it('runs again in a script without a second rule', () => {
      const kept = keptBy(
        `${filledBy(ipv4)}\nfirewall_refusal_info{tool="iptables",chain="filter INPUT",position="1",owners="csf"} 1`,
        'notrack-iptables',
      );
      const lines = isNone(kept) ? [] : kept.flatMap((file) => file.lines);
      for (let start = 0; start < 2; start++) run('sh', '-c', lines.join('\n'));
      expect(run('iptables-save').split('-j CT --notrack')).toHaveLength(5);
    });

    function checkLoaded(kept: Plan['persistent'], tool: keyof typeof before, rule: string, times: number): void {
      const [file] = isNone(kept) ? [] : kept;
      const loaded = file === undefined ? '' : load(file);
      expect(loaded.split(rule)).toHaveLength(times + 1);
      for (const one of before[tool]) expect(loaded).toContain(one);
    }
  },
);

describe('where a rule is kept', () => {
  const section = 'before the COMMIT of its section *raw (if it has none, add *raw, these lines and COMMIT)';
  it.each([
    [ipv4, 'notrack-iptables', '', { file: '/etc/iptables/rules.v4', where: section }],
    [ipv6, 'notrack-iptables', '', { file: '/etc/iptables/rules.v6', where: section }],
    [ipv4, 'notrack-iptables', 'ufw', { file: '/etc/ufw/before.rules', where: section }],
    [ipv6, 'notrack-iptables', 'ufw', { file: '/etc/ufw/before6.rules', where: section }],
    [ipv4, 'notrack-iptables', 'firewalld', { file: '/etc/firewalld/direct.xml', where: 'below <direct>' }],
    [ipv4, 'notrack-nftables', '', { file: '/etc/nftables.conf', where: 'at its end' }],
    [ipv4, 'notrack-nftables', 'firewalld', { file: '/etc/nftables.conf', where: 'at its end' }],
  ] as const)('of %s, by %s, with %s', (address, id, owner, expected) => {
    expect(keptBy(filledBy(address), id, owner)).toMatchObject([expected]);
  });

  it.each([
    [
      ipv4,
      'notrack-iptables',
      'shorewall',
      '/etc/shorewall/started',
      'iptables -t raw -C PREROUTING -d 198.51.100.10/32',
    ],
    [
      ipv6,
      'notrack-iptables',
      'shorewall',
      '/etc/shorewall6/started',
      'ip6tables -t raw -C PREROUTING -d 2001:db8::10/128',
    ],
    [ipv4, 'notrack-iptables', 'csf', '/etc/csf/csfpost.sh', 'iptables -t raw -C PREROUTING -d'],
    [ipv4, 'notrack-iptables', 'nixos', '/etc/nixos/configuration.nix', 'iptables -t raw -C PREROUTING -d'],
    [
      ipv4,
      'notrack-iptables',
      'vyos',
      '/config/scripts/vyos-postconfig-bootup.script',
      'iptables -t raw -C PREROUTING -d',
    ],
    [ipv4, 'notrack-nftables', 'shorewall', '/etc/nftables.conf', 'add table inet'],
    [ipv4, 'notrack-nftables', 'nixos', '/etc/nixos/configuration.nix', 'add table inet'],
    [ipv4, 'notrack-nftables', 'vyos', '/config/scripts/vyos-postconfig-bootup.script', "nft 'add table inet"],
  ] as const)('of %s, by %s, where the rules of %s refuse', (address, id, owner, file, line) => {
    const rule = `\nfirewall_refusal_info{tool="iptables",chain="filter INPUT",position="1",owners="docker,${owner}"} 1`;
    expect(keptBy(filledBy(address) + rule, id)).toMatchObject([{ file, lines: { 0: expect.stringContaining(line) } }]);
  });

  it.each(['notrack-iptables', 'notrack-nftables', 'limit-destination-iptables'] as const)(
    '%s in another namespace is in no file of the machine',
    (id) =>
      expect(keptBy(filledBy(ipv4, 'tcp', 80, 'qrouter-1'), id)).toEqual({ none: expect.stringContaining('Neutron') }),
  );

  it.each([
    ['nft inet filter input', '', [{ file: '/etc/nftables.conf', where: 'at its end, if it creates the chain' }]],
    ['nft inet firewalld filter_INPUT', '', { none: expect.stringContaining('firewall-cmd --permanent') }],
    ['iptables filter INPUT', '', [{ file: '/etc/iptables/rules.v4' }]],
    ['iptables filter INPUT', 'ufw', [{ file: '/etc/ufw/before.rules' }]],
    ['iptables filter INPUT', 'firewalld', [{ file: '/etc/firewalld/direct.xml' }]],
    ['nft inet firewalld filter_INPUT', 'firewalld', { none: expect.stringContaining('rich-rule') }],
    ['nft inet filter input', 'firewalld', [{ where: 'at its end, if it creates the chain' }]],
  ])('that accepts VRRP in %s, with %j', (chain, owner, expected) => {
    expect(keptIn('accept-vrrp', [chain], runs(owner))).toMatchObject(expected);
  });

  it('that accepts VRRP in chains of firewalld and of another program, each in its own way', () => {
    const chains = ['nft inet firewalld filter_INPUT', 'iptables filter INPUT'];
    expect(keptIn('accept-vrrp', chains, runs('firewalld'))).toEqual({
      none: expect.stringMatching(/firewall-cmd --permanent.*\/etc\/firewalld\/direct\.xml.*-p 112 -j ACCEPT/),
    });
  });

  it('none of several, if one is in a chain that another program creates', () => {
    const chains = ['nft inet filter input', 'nft inet firewalld filter_INPUT', 'nft ip netavark INPUT'];
    expect(keptIn('accept-neighbours', chains.slice(0, 1))).toHaveLength(1);
    expect(keptIn('accept-neighbours', chains)).toEqual({ none: expect.stringContaining('firewalld creates') });
  });

  it('rules of one table are shown once', () => {
    const filter = (line: string) => ({ tool: 'iptables', table: 'filter', lines: [line] }) as const;
    const nft = { tool: 'nft', lines: ['add table inet a'] } as const;
    const kept = keepRules(undefined, [filter('-I INPUT 1 -j ACCEPT'), nft, filter('-I FORWARD 1 -j ACCEPT')]);
    expect(kept).toMatchObject([
      { file: '/etc/iptables/rules.v4', lines: ['-I INPUT 1 -j ACCEPT', '-I FORWARD 1 -j ACCEPT'] },
      { file: '/etc/nftables.conf', lines: ['add table inet a'] },
    ]);
  });
});
