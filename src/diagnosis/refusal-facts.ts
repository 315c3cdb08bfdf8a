import type { FirewallChain } from '../identity/firewall-chain.ts';
import type { RuleOwner } from '../identity/rule-owners.ts';
import type { Facts, Numbers } from './table-facts.ts';

/** What findings about refused or lost packets carry. */
export interface RefusalFactsById {
  /**
   * The rule or policy in `chains`, of `owners`, that refuses most packets of a `path`, and further ones, beside which there are `otherRules`. `position` as in
   * `firewall_refusal_info`; `rule` as iptables prints it, empty for others. The ratio is that to all packets of the path.
   */
  'packets-refused': Facts<
    Numbers<'refusedPackets' | 'refusedPerSecond' | 'refusedRatio', 'otherRules'>,
    RefusalDetails
  >;
  /** The rule in `chains` by which its `owner` refuses what `source` sends, and what that address is to this machine. */
  'source-refused': Facts<Numbers<'refusedPackets' | 'refusedPerSecond'>, RefusedSourceDetails>;
  /** Packets that were lost. */
  'packet-queue-drops': Facts<Numbers<never, 'queuedPackets' | 'queuedPerSecond'>, QueueDetails>;
  /** `dropping` chains drop every neighbour advertisement. */
  'neighbours-refused': Facts<Numbers<'sentPackets'>, { readonly dropping: readonly FirewallChain[] }>;
}

/** All packets that arrive, those for this host, those that it forwards, or its own. */
export type RefusedPath = 'received' | 'input' | 'forward' | 'output';

export interface RefusalDetails {
  readonly chains: readonly string[];
  readonly tool: string;
  readonly position: string;
  readonly rule: string;
  readonly path: RefusedPath;
  /** The rule has no counter: packets that the kernel received and neither delivered nor forwarded. */
  readonly isEstimated: boolean;
  /** They only cross a bridge, and br_netfilter passes them to iptables. */
  readonly isBridged: boolean;
  readonly owners: readonly RuleOwner[];
  readonly others: readonly { readonly chain: string; readonly position: string; readonly refusedPerSecond: number }[];
}

/** `shared network`: 100.64.0.0/10. */
export type RefusedSourceRole = 'real server' | 'peer' | 'private address' | 'shared network';

interface RefusedSourceDetails {
  readonly chains: readonly string[];
  readonly tool: string;
  readonly position: string;
  /** What the rule compares, as iptables takes it. */
  readonly matches: string;
  readonly owner: RuleOwner;
  readonly source: string;
  readonly sourceRole: RefusedSourceRole;
}

/** From this part of all packets of a path on, hardly any connection on it works. */
export const mostRefused = 0.5;

/** A rule hands packets to `queues`, `0-3`, which no program takes them from, or not fast enough. */
interface QueueDetails {
  readonly chains: readonly string[];
  readonly tool: string;
  readonly position: string;
  readonly rule: string;
  readonly queues: string;
  readonly hasProgram: boolean;
}
