/** The command that shows a rule, without `-save`. */
export type IptablesTool = 'iptables' | 'iptables-legacy' | 'ip6tables' | 'ip6tables-legacy';
export type FirewallTool = IptablesTool | 'nft';

/** A rule of the firewall that decides over direct return, as far as its text shows. */
export interface FirewallRule {
  /**
   * `notrack`: keeps packets out of connection tracking. `drop_invalid`: drops those that cannot be tracked.
   * `translate`: changes the destination of packets (DNAT), itself or in a chain that it leads to. `synproxy`: answers
   * connection attempts in place of the service.
   */
  readonly action: 'notrack' | 'drop_invalid' | 'translate' | 'synproxy';
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

/** Without the prefix length of a single host, which is what distinguishes a rule from that of a network. */
export function shortenHost(address: string): string {
  return address.replace(address.includes(':') ? /\/128$/ : /\/32$/, '');
}

/** What sends packets to a chain, or to a target such as DNAT that has no rules. */
export interface Jump {
  readonly chain: string;
  readonly target: string;
}

/** The chains from which packets get to one of these targets, with the targets themselves. */
export function leadingTo(targets: readonly string[], jumps: readonly Jump[]): ReadonlySet<string> {
  const found = new Set(targets);
  for (let known = 0; known !== found.size; ) {
    known = found.size;
    for (const { chain, target } of jumps) if (found.has(target)) found.add(chain);
  }
  return found;
}

/** A rule that translates every packet of its chain is identified by the rules that lead there. */
export function isSpecific({ destination, ports }: Pick<FirewallRule, 'destination' | 'ports'>): boolean {
  return destination !== '' || ports.length > 0;
}
