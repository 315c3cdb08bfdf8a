import type { ForwardChain, PathRule } from './forward-path.ts';

/** Whether a rule matches a VRRP advertisement to all routers: protocol 112 to a multicast address. */
export type Comparison =
  /** It is one, and the rule means just that: by its protocol or its address. */
  | 'named'
  | 'always'
  | 'never'
  /** Depends on the interface, or on who sent it. */
  | 'interface'
  | 'source'
  | 'maybe';

export const vrrpProtocols: readonly string[] = ['112', 'vrrp'];
export const vrrpAddresses: readonly string[] = ['224.0.0.18', 'ff02::12'];
/** Networks that have these. */
const vrrpNetworks = ['224.0.0.0/4', '224.0.0.0/8', '224.0.0.0/24', 'ff00::/8', 'ff02::/16', '0.0.0.0/0', '::/0'];
/** A new flow: no reply ever comes. */
export const vrrpFlowStates: readonly string[] = ['new', 'untracked'];

/** A base chain that advertisements pass, and the families that it is for. */
export interface VrrpChain extends ForwardChain {
  readonly families: readonly ('ipv4' | 'ipv6')[];
}

export function compareAddress(address: string): Comparison {
  if (vrrpAddresses.includes(address.replace(/\/(32|128)$/, ''))) return 'named';
  return vrrpNetworks.includes(address) ? 'always' : 'never';
}

/** The other way round, for a rule with `!`. */
export function negate(comparison: Comparison): Comparison {
  if (comparison === 'never') return 'always';
  return comparison === 'named' || comparison === 'always' ? 'never' : comparison;
}

/**
 * What all comparisons of a rule come to. Undefined for a rule that no advertisement meets. One that names VRRP is taken
 * to be for the interfaces that speak it, and one that drops what a router sends drops VRRP.
 */
export function combine(comparisons: readonly Comparison[], target: PathRule['target']): PathRule | undefined {
  if (comparisons.includes('never')) return undefined;
  const isNamed = comparisons.includes('named');
  const isMet = (one: Comparison) =>
    one === 'always' ||
    one === 'named' ||
    (isNamed && one === 'interface') ||
    (isNamed && one === 'source' && target === 'drop');
  return { matches: comparisons.every(isMet) ? 'always' : 'maybe', target };
}
