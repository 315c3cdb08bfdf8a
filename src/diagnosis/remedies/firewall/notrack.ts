import type { Readings } from '../../../readings/readings.ts';
import { keepRules } from '../../commands/rule-files.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import {
  hostPrefix,
  iptablesFor,
  nameTarget,
  nftMatch,
  nftTable,
  protocolOptions,
  type Target,
  targetOf,
} from '../../commands/target.ts';
import type { AnyFound } from '../../finding.ts';
import { type Owner, ownerOf } from '../../owner.ts';
import { mapSome, type Plan, type RemedyKind, type Some } from '../../remedy.ts';
import { deleteEntries } from '../conntrack/remove-tracked-entries.ts';
import { isTunnel } from './notrack-tunnels.ts';

const tradeOff =
  'Packets to and from this address become UNTRACKED: rules for ESTABLISHED, NEW or INVALID no longer match them, so ' +
  'the firewall must accept both directions by address and port. NAT and helpers do not apply to them.';

const preconditions = ['not-exempt-yet', 'no-nat', 'stateless-firewall'] as const;

export const notrackIptables: RemedyKind = {
  docs: 'do-not-track',
  effect: 'cure',
  preconditions: ['iptables-installed', ...preconditions],
  plan: (readings, found) => planFor(readings, found, byIptables),
};

export const notrackNftables: RemedyKind = {
  docs: 'do-not-track',
  effect: 'cure',
  preconditions: ['nft-installed', ...preconditions],
  plan: (readings, found) => planFor(readings, found, byNftables),
};

/** For the operator of the stateful hop upstream of a director, not for this machine. A firewall mark has no address to exempt. */
export const notrackUpstream: RemedyKind = {
  docs: 'do-not-track',
  effect: 'cure',
  preconditions: ['no-nat', 'stateless-firewall'],
  plan: (_, { subject: { service } }) => {
    if (service === undefined || service.address === '') return undefined;
    const target = { ...service, zone: '0', netns: undefined };
    return {
      ...byIptables(target, 'operator', undefined),
      title: `On the host upstream of this director: do not track ${nameTarget(target)}`,
    };
  },
};

function planFor(readings: Readings, found: AnyFound, plan: typeof byNftables): Plan | undefined {
  const target = targetOf(found);
  return target === undefined || isTunnel(target) ? undefined : plan(target, ownerOf(readings), readings);
}

/**
 * The replies as well: those of a real server on the same host do come this way, and would be INVALID without their
 * request. In OUTPUT too: what this host sends itself passes no PREROUTING.
 */
/** @param readings of the machine that has the table; undefined for another one */
function byIptables(target: Target, owner: Owner, readings: Readings | undefined): Plan {
  const to = `-d ${hostPrefix(target)}${protocolOptions(target, '--dport')} -j CT --notrack`;
  const from = `-s ${hostPrefix(target)}${protocolOptions(target, '--sport')} -j CT --notrack`;
  const rules: Some<Rule> = [
    { chain: 'PREROUTING', match: to },
    { chain: 'PREROUTING', match: from },
    { chain: 'OUTPUT', match: to },
    { chain: 'OUTPUT', match: from },
  ];
  const run = (options: string) => commandInNamespace(target.netns, `${iptablesFor(target)} -t raw ${options}`);
  const insert = ({ chain, match }: Rule) => `-I ${chain} 1 ${match}`;
  return {
    owner,
    title: `Do not track ${nameTarget(target)}, with iptables`,
    commands: [...mapSome(rules, (rule) => run(insert(rule))), deleteEntries(target)],
    tradeOff,
    undo: mapSome(rules, ({ chain, match }) => run(`-D ${chain} ${match}`)),
    persistent: keepRules(readings, [{ tool: iptablesFor(target), table: 'raw', lines: mapSome(rules, insert) }]),
    verify: [run('-L PREROUTING -n -v'), run('-L OUTPUT -n -v'), ...countEntries(target)],
  };
}

interface Rule {
  readonly chain: 'PREROUTING' | 'OUTPUT';
  readonly match: string;
}

function byNftables(target: Target, owner: Owner, readings: Readings): Plan {
  const table = nftTable('notrack', target);
  const run = (command: string) => commandInNamespace(target.netns, `nft ${command}`);
  const commands: Some<string> = [
    `add table inet ${table}`,
    ...hooks.flatMap((hook) => [
      `add chain inet ${table} ${hook} { type filter hook ${hook} priority raw; policy accept; }`,
      `add rule inet ${table} ${hook} ${nftMatch(target, 'daddr', 'dport')} counter notrack`,
      `add rule inet ${table} ${hook} ${nftMatch(target, 'saddr', 'sport')} counter notrack`,
    ]),
  ];
  const [first, ...rest] = commands;
  return {
    owner,
    title: `Do not track ${nameTarget(target)}, with nftables`,
    commands: [run(first), ...rest.map((one) => run(one.includes('{') ? `'${one}'` : one)), deleteEntries(target)],
    tradeOff,
    undo: [run(`delete table inet ${table}`)],
    persistent: keepRules(readings, [{ tool: 'nft', lines: commands }]),
    verify: [run(`list table inet ${table}`), ...countEntries(target)],
  };
}

const hooks = ['prerouting', 'output'] as const;

/** Entries that come back show packets that no rule matches. */
function countEntries({ address, netns }: Target): readonly string[] {
  return [commandInNamespace(netns, `conntrack -L -d ${address}`)];
}
