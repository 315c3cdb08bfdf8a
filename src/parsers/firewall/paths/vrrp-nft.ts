import { at, hasHiddenMembers, isStateMatch, type Json, valuesOf } from '../nft-json.ts';
import { familiesOf, type NftTables } from '../nft-tables.ts';
import type { PathRule, PathTarget } from './forward-path.ts';
import { isPassing, pathTargetOf, readNftBaseChain } from './nft-path.ts';
import {
  type Cast,
  type Comparison,
  combine,
  compareAddress,
  compareCast,
  compareStates,
  negate,
  type VrrpChain,
  vrrpProtocols,
} from './vrrp-packet.ts';

const hooks = ['prerouting', 'input', 'output', 'ingress'];

/** The packet that the rules are compared with. */
interface Advertisement {
  readonly family: string;
  readonly cast: Cast;
}

/** The base chains that advertisements of VRRP pass. */
export function parseNftVrrp(tables: NftTables, cast: Cast): VrrpChain[] {
  const base = tables.chains.filter(({ hook }) => hooks.includes(hook));
  return base.flatMap((chain) =>
    familiesOf(chain).map(
      (family): VrrpChain => ({
        ...readNftBaseChain(tables, chain, (expressions) => readRule(expressions, { family, cast })),
        families: [family],
      }),
    ),
  );
}

function readRule(expressions: readonly Json[], packet: Advertisement): PathRule | undefined {
  const targetOf = (one: Json) => targetFor(one, packet.cast);
  const target = expressions.map(targetOf).find((one) => one !== undefined);
  if (target === undefined) return undefined;
  const conditions = expressions.filter((one) => targetOf(one) === undefined && !isPassing(one));
  const comparisons = conditions.map((one) => compare(at(one, 'match'), packet));
  // A verdict map decides by what it looks up, and iptables' own matches are not shown.
  const isOpen = expressions.some((one) => ['vmap', 'xt', 'limit'].some((key) => at(one, key) !== undefined));
  return combine(isOpen ? [...comparisons, 'maybe'] : comparisons, target);
}

/** A map of states may decide otherwise over a new flow than over one whose other router sends too. */
function targetFor(expression: Json, cast: Cast): PathTarget | undefined {
  const states = cast === 'unicast' ? (['new', 'established'] as const) : (['new'] as const);
  const targets = states.map((state) => pathTargetOf(expression, state));
  return targets.find((target) => target === 'accept') ?? targets.find((target) => target !== undefined);
}

function compare(match: Json, packet: Advertisement): Comparison {
  if (match === undefined) return 'maybe';
  const comparison = compareMatch(match, packet);
  return at(match, 'op') === '!=' ? negate(comparison) : comparison;
}

function compareMatch(match: Json, { family, cast }: Advertisement): Comparison {
  const values = valuesOf(match);
  const isAny = (known: readonly string[]) => values.some((value) => known.includes(value));
  const others = hasHiddenMembers(match) ? 'maybe' : 'never';
  if (isStateMatch(match)) return compareStates(values, cast);
  const meta = at(match, 'left', 'meta', 'key');
  if (meta === 'l4proto') return isAny(vrrpProtocols) ? 'named' : others;
  if (meta === 'pkttype') return compareCast(values, cast);
  if (meta === 'nfproto') return isAny([family]) ? 'always' : 'never';
  if (meta === 'iifname' || meta === 'oifname' || meta === 'iif' || meta === 'oif') {
    return values.every((value) => value === 'lo') ? 'never' : 'interface';
  }
  return comparePayload(String(at(match, 'left', 'payload', 'protocol')), match, values, { family, cast });
}

function comparePayload(
  protocol: string,
  match: Json,
  values: readonly string[],
  { family, cast }: Advertisement,
): Comparison {
  const field = at(match, 'left', 'payload', 'field');
  const others = hasHiddenMembers(match) ? 'maybe' : 'never';
  if (protocol === 'undefined' || protocol === 'ether') return 'maybe';
  if (protocol !== (family === 'ipv4' ? 'ip' : 'ip6')) return 'never';
  if (field === 'protocol' || field === 'nexthdr') {
    return values.some((value) => vrrpProtocols.includes(value)) ? 'named' : others;
  }
  if (field === 'saddr') return 'source';
  if (field !== 'daddr') return 'maybe';
  const compared = values.map((value) => compareAddress(value, cast));
  return (['named', 'always', 'maybe'] as const).find((one) => compared.includes(one)) ?? others;
}
