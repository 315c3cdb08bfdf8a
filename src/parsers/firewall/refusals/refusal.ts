import type { RuleOwner } from '../../../identity/rule-owners.ts';
import type { FirewallTool } from '../rule.ts';

/** Which packets meet a rule: all that arrive, those for this host, those that it forwards, or its own. */
export type PacketPath = 'received' | 'input' | 'forward' | 'output';

/** A rule, or the policy of a chain, that refuses packets. */
export interface Refusal {
  readonly tool: FirewallTool;
  /** As the tool names it: `filter FORWARD`, `inet firewall forward`. */
  readonly chain: string;
  /** In its chain, from 1, for iptables; its handle for nft; `policy` for the policy of a chain. */
  readonly position: string;
  /** As iptables prints it after the chain. Empty for nft, which shows it by its handle, and for a policy. */
  readonly rule: string;
  /** Empty for a chain that nothing leads to. */
  readonly paths: readonly PacketPath[];
  /** Programs that wrote it. Of a policy, those that may have set it. Empty if it shows none. */
  readonly owners: readonly RuleOwner[];
  /** That it refused; undefined where it does not count. */
  readonly packets: number | undefined;
}

/** Packets that the rules of a tool accepted. */
export interface Accepted {
  readonly tool: FirewallTool;
  readonly path: PacketPath;
  readonly packets: number;
}

export interface Jumps {
  /** Chains by which packets enter, with what packets these are. */
  readonly entries: ReadonlyMap<string, PacketPath>;
  /** From each chain, the chains that its rules lead to. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
}

/** By which ways packets get to each chain. */
export function pathsOfChains({ entries, targets }: Jumps): ReadonlyMap<string, ReadonlySet<PacketPath>> {
  const paths = new Map<string, Set<PacketPath>>();
  const pending = [...entries];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [chain, path] = next;
    const known = paths.get(chain) ?? new Set();
    if (known.has(path)) continue;
    paths.set(chain, known.add(path));
    for (const target of targets.get(chain) ?? []) pending.push([target, path]);
  }
  return paths;
}
