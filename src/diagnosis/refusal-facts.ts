import type { RuleOwner } from '../identity/rule-owners.ts';

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

/** From this part of all packets of a path on, hardly any connection on it works. */
export const mostRefused = 0.5;

/** A rule hands packets to `queues`, `0-3`, which no program takes them from, or not fast enough. */
export interface QueueDetails {
  readonly chains: readonly string[];
  readonly tool: string;
  readonly position: string;
  readonly rule: string;
  readonly queues: string;
  readonly hasProgram: boolean;
}
