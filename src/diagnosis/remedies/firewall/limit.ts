import { count } from '../../../readings/format.ts';
import type { Readings } from '../../../readings/readings.ts';
import { keepRules } from '../../commands/rule-files.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import type { AnyFound } from '../../finding.ts';
import { ownerOf } from '../../owner.ts';
import type { PreconditionId } from '../../preconditions.ts';
import { mapSome, type Plan, type RemedyKind, type Some } from '../../remedy.ts';

/** What limits the tracked connections of an address. */
export interface Limit {
  readonly netns: string | undefined;
  readonly isIPv6: boolean;
  readonly entries: number;
  /** As iptables and as nft select new connections. */
  readonly match: { readonly iptables: string; readonly nft: string };
  /** Whose connections connlimit counts together. */
  readonly counts: '--connlimit-daddr' | '--connlimit-saddr';
  readonly table: string;
  /** OUTPUT too, for what the host sends itself. */
  readonly hooks: Some<'prerouting' | 'output'>;
}

/** A limit, for whom, and what it costs. */
export interface LimitPlan {
  readonly limit: Limit;
  readonly holder: string;
  readonly tradeOff: string;
}

interface LimitKind extends Pick<RemedyKind, 'docs' | 'effect'> {
  /** In addition to the installed tool. */
  readonly precondition: PreconditionId;
  readonly plan: (found: AnyFound) => LimitPlan | undefined;
}

/** The remedy that sets a limit, with each of the two tools. */
export function limitBy({ precondition, plan, ...kind }: LimitKind): { iptables: RemedyKind; nftables: RemedyKind } {
  const withTool = (tool: keyof typeof tools): RemedyKind => ({
    ...kind,
    preconditions: [tools[tool].installed, precondition],
    plan: (readings, found) => {
      const planned = plan(found);
      return planned && { owner: ownerOf(readings), ...describeLimit(planned, tool, readings) };
    },
  });
  return { iptables: withTool('iptables'), nftables: withTool('nftables') };
}

function describeLimit(
  { limit, holder, tradeOff }: LimitPlan,
  tool: keyof typeof tools,
  readings: Readings,
): Omit<Plan, 'owner'> {
  const title = `Limit ${holder} to ${count(limit.entries)} entries, with ${tool}`;
  return { title, ...tools[tool].write(limit, readings), tradeOff };
}

const tools = {
  iptables: { installed: 'iptables-installed', write: byIptables },
  nftables: { installed: 'nft-installed', write: byNftables },
} as const;

/** Replied connections must fit in with room to spare. */
const roomForReplied = 1.25;

/**
 * Entries that a holder may have: a share of the table, more where its replied connections need it, and none beyond the
 * share from which a limit protects no neighbours.
 */
export function entriesFor(
  numbers: { readonly presentEntries: number; readonly unrepliedEntries?: number; readonly limitEntries?: number },
  { share, maxShare }: { readonly share: number; readonly maxShare: number },
): number | undefined {
  const { presentEntries, unrepliedEntries = 0, limitEntries } = numbers;
  if (limitEntries === undefined) return undefined;
  const entries = Math.ceil(Math.max(share * limitEntries, roomForReplied * (presentEntries - unrepliedEntries)));
  return entries <= maxShare * limitEntries ? entries : undefined;
}

type LimitCommands = Pick<Plan, 'commands' | 'verify' | 'persistent'> & { readonly undo: Some<string> };

/** Before NAT changes the destination, and after connection tracking: the chains of mangle (-150) are between. */
function byIptables({ netns, isIPv6, entries, match, counts, hooks }: Limit, readings: Readings): LimitCommands {
  const rule =
    `${match.iptables} -m conntrack --ctstate NEW ` +
    `-m connlimit --connlimit-above ${entries} --connlimit-mask ${isIPv6 ? 128 : 32} ${counts} -j DROP`;
  const tool = isIPv6 ? 'ip6tables' : 'iptables';
  const run = (options: string) => commandInNamespace(netns, `${tool} -t mangle ${options}`);
  const [first, ...rest] = hooks;
  const insert = (hook: string) => `-I ${hook.toUpperCase()} 1 ${rule}`;
  return {
    commands: [run(insert(first)), ...rest.map((hook) => run(insert(hook)))],
    undo: [run(`-D ${first.toUpperCase()} ${rule}`), ...rest.map((hook) => run(`-D ${hook.toUpperCase()} ${rule}`))],
    persistent: keepRules(readings, [{ tool, table: 'mangle', lines: mapSome(hooks, insert) }]),
    verify: [run('-L -n -v'), commandInNamespace(netns, 'conntrack -C')],
  };
}

function byNftables({ netns, entries, match, table, hooks }: Limit, readings: Readings): LimitCommands {
  const run = (command: string) => commandInNamespace(netns, `nft ${command}`);
  const lines = hooks.flatMap((hook) => [
    `add chain inet ${table} ${hook} { type filter hook ${hook} priority -150; policy accept; }`,
    `add rule inet ${table} ${hook} ${match.nft} ct state new ct count over ${entries} counter drop`,
  ]);
  return {
    commands: [
      run(`add table inet ${table}`),
      ...lines.map((line) => run(line.startsWith('add chain') ? `'${line}'` : line)),
    ],
    undo: [run(`delete table inet ${table}`)],
    persistent: keepRules(readings, [{ tool: 'nft', lines: [`add table inet ${table}`, ...lines] }]),
    verify: [run(`list table inet ${table}`), commandInNamespace(netns, 'conntrack -C')],
  };
}
