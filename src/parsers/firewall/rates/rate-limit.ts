import type { FirewallTool } from '../rule.ts';

/** A rule that refuses new connections above a rate. */
export interface RateLimit {
  readonly tool: FirewallTool;
  /** As the tool names it: `filter FORWARD`, `inet guard forward`. */
  readonly chain: string;
  /** Of the rule that refuses: where it is in its chain, from 1, for iptables; its handle for nft. */
  readonly position: number;
  /** As the tool prints it: `30/min`; of `recent`, `4/60s`. */
  readonly rate: string;
  /** What it is about: empty for any. */
  readonly protocol: string;
  readonly address: string;
  readonly port: string;
  /** That it refused; undefined where it does not count. */
  readonly packets: number | undefined;
}
