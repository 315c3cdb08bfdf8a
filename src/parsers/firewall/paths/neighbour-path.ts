import type { IptablesTable } from '../iptables-tables.ts';
import { at, hasHiddenMembers, isStateMatch, type Json, valuesOf } from '../nft-json.ts';
import { familiesOf, type NftTables } from '../nft-tables.ts';
import type { ForwardChain, PathRule } from './forward-path.ts';
import { readBaseChain } from './iptables-path.ts';
import { isPassing, pathTargetOf, readNftBaseChain } from './nft-path.ts';
import { compareOptions } from './vrrp-iptables.ts';
import { type Comparison, combine, negate } from './vrrp-packet.ts';

/**
 * What a neighbour advertisement meets that replies to this host: ICMPv6 of type 136 from an address of the network. Connection
 * tracking calls it UNTRACKED: `icmpv6_error()` of net/netfilter/nf_conntrack_proto_icmpv6.c.
 */
const types: readonly string[] = [
  '136',
  '136/0',
  'neighbour-advertisement',
  'neighbor-advertisement',
  'nd-neighbor-advert',
];
const protocols: readonly string[] = ['ipv6-icmp', 'icmpv6', 'icmp6', '58'];

const hooks = [
  ['raw', 'PREROUTING'],
  ['mangle', 'PREROUTING'],
  ['mangle', 'INPUT'],
  ['filter', 'INPUT'],
] as const;

/** The chains that neighbour advertisements pass. */
export function parseIptablesNeighbours(tables: readonly IptablesTable[]): ForwardChain[] {
  return tables
    .filter(({ tool }) => tool.startsWith('ip6'))
    .flatMap((table) =>
      hooks
        .filter(([name]) => name === table.name)
        .flatMap(([, first]) =>
          readBaseChain(table, first, ({ matches }, target) => combine(compareOptions(matches, compareOption), target)),
        ),
    );
}

function compareOption(option: string, value: string): Comparison {
  const values = value.toLowerCase().split(',');
  switch (option) {
    case '-p':
      return value === 'all' || protocols.includes(value) ? 'always' : 'never';
    case '--icmpv6-type':
      return types.includes(value) ? 'always' : 'never';
    case '--hl-eq':
      return value === '255' ? 'always' : 'never';
    case '-d':
      return value.startsWith('ff') ? 'never' : 'maybe';
    case '-i':
      return value === 'lo' ? 'never' : 'maybe';
    case '--ctstate':
    case '--state':
      return values.includes('untracked') ? 'always' : 'never';
    case '--pkt-type':
    case '--dst-type':
      return values.some((type) => ['unicast', 'host', 'local'].includes(type)) ? 'always' : 'never';
    default:
      return 'maybe';
  }
}

/** iptables shows its own chains better. */
const ofIptables = /^ip6 (raw|mangle|filter) (PREROUTING|INPUT)$/;

export function parseNftNeighbours(tables: NftTables): ForwardChain[] {
  return tables.chains
    .filter((chain) => ['prerouting', 'input', 'ingress'].includes(chain.hook) && familiesOf(chain).includes('ipv6'))
    .map((chain) => readNftBaseChain(tables, chain, readExpressions))
    .filter(({ name }) => !ofIptables.test(name));
}

function readExpressions(expressions: readonly Json[]): PathRule | undefined {
  const targetOf = (one: Json) => pathTargetOf(one, 'untracked');
  const target = expressions.map(targetOf).find((one) => one !== undefined);
  if (target === undefined) return undefined;
  const conditions = expressions.filter((one) => targetOf(one) === undefined && !isPassing(one));
  const comparisons = conditions.map((one) => compareMatch(at(one, 'match')));
  const isOpen = expressions.some((one) => ['vmap', 'xt', 'limit'].some((key) => at(one, key) !== undefined));
  return combine(isOpen ? [...comparisons, 'maybe'] : comparisons, target);
}

function compareMatch(match: Json): Comparison {
  if (match === undefined) return 'maybe';
  const comparison = compareWith(match, valuesOf(match));
  return at(match, 'op') === '!=' ? negate(comparison) : comparison;
}

function compareWith(match: Json, values: readonly string[]): Comparison {
  const isAny = (known: readonly string[]) => {
    if (values.some((value) => known.includes(value))) return 'always';
    return hasHiddenMembers(match) ? 'maybe' : 'never';
  };
  if (isStateMatch(match)) return isAny(['untracked']);
  switch (at(match, 'left', 'meta', 'key')) {
    case 'l4proto':
      return isAny(protocols);
    case 'nfproto':
      return isAny(['ipv6']);
    case 'protocol':
      return isAny(['ip6', 'ipv6']);
    case 'pkttype':
      return isAny(['host', 'unicast']);
    case 'iif':
    case 'iifname':
      return values.every((value) => value === 'lo') ? 'never' : 'maybe';
    default:
      return comparePayload(at(match, 'left', 'payload'), values, isAny);
  }
}

function comparePayload(
  payload: Json,
  values: readonly string[],
  isAny: (known: readonly string[]) => Comparison,
): Comparison {
  const [protocol, field] = [at(payload, 'protocol'), at(payload, 'field')];
  if (protocol === 'icmpv6') return field === 'type' ? isAny(types) : 'maybe';
  if (protocol !== 'ip6')
    return protocol === undefined || protocol === 'ether' || protocol === 'th' ? 'maybe' : 'never';
  if (field === 'nexthdr') return isAny(protocols);
  if (field === 'hoplimit') return isAny(['255']);
  return field === 'daddr' && values.every((value) => value.startsWith('ff')) ? 'never' : 'maybe';
}
