/** A rule of the firewall that decides over direct return, as far as it can be told from its text. */
export interface FirewallRule {
  /** `notrack`: keeps packets out of connection tracking. `drop_invalid`: drops those that cannot be tracked. */
  readonly action: 'notrack' | 'drop_invalid';
  /** Where it is: `filter FORWARD`, `inet firewall forward`. */
  readonly chain: string;
  /** Empty for any. */
  readonly protocol: string;
  /** An address, or a network such as 10.0.0.0/8; empty for any. */
  readonly destination: string;
  /** Destination ports, or ranges of them; empty for any. */
  readonly ports: readonly string[];
  /** That it was applied to; undefined where the rule does not count. */
  readonly packets: number | undefined;
}

/** Without the prefix length of a single host, which is how a rule is told from that of a network. */
export function shortenHost(address: string): string {
  return address.replace(address.includes(':') ? /\/128$/ : /\/32$/, '');
}
