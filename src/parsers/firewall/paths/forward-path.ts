import type { FirewallTool } from '../rule.ts';

/** What connection tracking calls a packet: one that belongs to no connection, one that a NOTRACK rule exempted, or as rules do. */
export type PacketState = 'invalid' | 'untracked' | 'new' | 'established';

/**
 * A rule as a packet of one state meets it. `maybe`: it also compares what this program does
 * not evaluate, such as an address or an interface, or its target is not known.
 */
export interface PathRule {
  readonly matches: 'always' | 'maybe';
  readonly target: PathTarget;
}

export type PathTarget = 'accept' | 'drop' | 'return' | { readonly jump: string };

/** A base chain, with the chains of its table that it may lead to. */
export interface ForwardChain {
  readonly tool: FirewallTool;
  /** As a person names it: `filter FORWARD`, `inet firewall forward`. */
  readonly name: string;
  readonly first: string;
  readonly policy: 'accept' | 'drop';
  readonly chains: ReadonlyMap<string, readonly PathRule[]>;
}

type Fate = 'accept' | 'drop' | 'unknown' | 'continues';

/** Chains call one another to a depth of 16 at most (NFT_JUMP_STACK_SIZE). */
const maxDepth = 16;

/** Whether a chain drops every packet that its rules were read for, whatever else it has. False where that cannot be determined. */
export function dropsAll({ first, policy, chains }: ForwardChain): boolean {
  const fate = follow(chains, first, 0);
  return fate === 'drop' || (fate === 'continues' && policy === 'drop');
}

function follow(chains: ForwardChain['chains'], name: string, depth: number): Fate {
  if (depth > maxDepth) return 'unknown';
  let mayReturn = false;
  // What may have returned before meets no later rule: then only what lets all continue is known of the chain.
  const ends = (fate: Fate): Fate => (mayReturn && fate !== 'continues' ? 'unknown' : fate);
  for (const { matches, target } of chains.get(name) ?? []) {
    if (target === 'return') {
      if (matches === 'always') return 'continues';
      mayReturn = true;
      continue;
    }
    const fate = typeof target === 'object' ? follow(chains, target.jump, depth + 1) : target;
    if (fate === 'continues') continue;
    if (matches === 'always') return ends(fate);
    // A packet that this rule drops is dropped here, any other may be later: only letting through leaves it open.
    if (fate !== 'drop') return 'unknown';
  }
  return 'continues';
}
