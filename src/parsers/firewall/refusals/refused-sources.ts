import { ownerOfRule, type RuleOwner } from '../../../identity/rule-owners.ts';
import { type IptablesTable, refusingTargets } from '../iptables-tables.ts';
import { type FirewallTool, shortenHost } from '../rule.ts';

/** A rule by which a program refuses what one address sends, or a network that belongs to others too. */
export interface RefusedSource {
  readonly tool: FirewallTool;
  /** `filter f2b-sshd`: one of the program's own. */
  readonly chain: string;
  /** In its chain, from 1. */
  readonly position: number;
  /** What it compares, as iptables takes it. */
  readonly matches: string;
  readonly owner: RuleOwner;
  /** An address, or a network. */
  readonly source: string;
  /** That met it; undefined where the rule does not count. */
  readonly packets: number | undefined;
}

/** Programs that ban an address by a rule of its own. Sets of addresses are not part of what is read. */
const banning: ReadonlySet<RuleOwner> = new Set(['fail2ban', 'csf']);
/** Shared address space (RFC 6598), which Tailscale takes for its own: carriers and clouds have resolvers and hosts in it. */
export const sharedNetwork = '100.64.0.0/10';

export function parseRefusedSources(tables: readonly IptablesTable[]): RefusedSource[] {
  return tables.flatMap(({ tool, name, rules }) =>
    rules
      .filter(({ target }) => refusingTargets.has(target))
      .flatMap(({ chain, position, matches, packets }): RefusedSource[] => {
        const owner = ownerOfRule(chain, '');
        const [, address = ''] = /(?<!! )-s (\S+)/.exec(matches) ?? [];
        const source = shortenHost(address);
        if (owner === undefined || !isRefused(owner, matches, source)) return [];
        return [{ tool, chain: `${name} ${chain}`, position, matches, owner, source, packets }];
      }),
  );
}

function isRefused(owner: RuleOwner, matches: string, source: string): boolean {
  if (owner === 'tailscale') return source === sharedNetwork && matches.includes('! -i ');
  return banning.has(owner) && source !== '' && !source.includes('/');
}
