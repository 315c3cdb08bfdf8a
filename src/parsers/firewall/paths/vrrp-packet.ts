import type { ForwardChain, PathRule } from './forward-path.ts';

/** Where an advertisement is sent: to all routers, or to the address of a peer. */
export const casts = ['multicast', 'unicast'] as const;
export type Cast = (typeof casts)[number];

/** Whether a rule matches a VRRP advertisement: protocol 112 to a multicast address, or to that of a peer. */
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
const anyNetworks = ['0.0.0.0/0', '::/0'];

/** A new flow: no reply ever comes. But where two masters send to each other, each is the reply of the other. */
const vrrpFlowStates: readonly string[] = ['new', 'untracked'];

export function compareStates(states: readonly string[], cast: Cast): Comparison {
  if (states.some((state) => vrrpFlowStates.includes(state))) return 'always';
  return cast === 'unicast' && states.includes('established') ? 'maybe' : 'never';
}

/** @param types What a rule wants of them: `multicast`, or `unicast`, `host`, `local`. */
export function compareCast(types: readonly string[], cast: Cast): Comparison {
  const isMulticast = types.includes('multicast');
  if (cast === 'multicast') return isMulticast ? 'always' : 'never';
  return types.some((type) => ['unicast', 'host', 'local'].includes(type)) ? 'always' : 'never';
}

/** A base chain that advertisements pass, and the families that it is for. */
export interface VrrpChain extends ForwardChain {
  readonly families: readonly ('ipv4' | 'ipv6')[];
}

export function compareAddress(address: string, cast: Cast): Comparison {
  if (cast === 'unicast') return compareHost(address);
  if (vrrpAddresses.includes(address.replace(/\/(32|128)$/, ''))) return 'named';
  return vrrpNetworks.includes(address) ? 'always' : 'never';
}

/** Which addresses the directors have is not known here. */
function compareHost(address: string): Comparison {
  if (anyNetworks.includes(address)) return 'always';
  return /^(22[4-9]|23\d)\.|^ff/i.test(address) ? 'never' : 'maybe';
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
