import type { PathRule } from './forward-path.ts';
import { at, isStateMatch, type Json, listOf, readJson, valuesOf } from './nft-json.ts';
import { isPassing, pathTargetOf, rulesByChain } from './nft-path.ts';
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
const families: Readonly<Record<string, VrrpChain['families']>> = {
  ip: ['ipv4'],
  ip6: ['ipv6'],
  inet: ['ipv4', 'ipv6'],
  netdev: ['ipv4', 'ipv6'],
};

/** The packet that the rules are compared with. */
interface Advertisement {
  readonly family: string;
  readonly cast: Cast;
}

/** The base chains of `nft -j list ruleset` that advertisements of VRRP pass: see libnftables-json(5). */
export function parseNftVrrp(text: string, cast: Cast): VrrpChain[] {
  const entries = listOf(at(readJson(text), 'nftables'));
  const rules = entries.map((entry) => at(entry, 'rule')).filter((rule) => rule !== undefined);
  const base = entries.map((entry) => at(entry, 'chain')).filter((chain) => hooks.includes(String(at(chain, 'hook'))));
  return base.flatMap((chain) => {
    const [family = '', table, name] = ['family', 'table', 'name'].map((key) => String(at(chain, key)));
    const own = rules.filter((rule) => at(rule, 'family') === family && at(rule, 'table') === table);
    return (families[family] ?? []).map(
      (one): VrrpChain => ({
        name: `${family} ${table} ${name}`,
        first: String(name),
        policy: at(chain, 'policy') === 'drop' ? 'drop' : 'accept',
        chains: rulesByChain(own, (expressions) => readRule(expressions, { family: one, cast })),
        families: [one],
      }),
    );
  });
}

function readRule(expressions: readonly Json[], packet: Advertisement): PathRule | undefined {
  const target = expressions.map((one) => pathTargetOf(one)).find((one) => one !== undefined);
  if (target === undefined) return undefined;
  const conditions = expressions.filter((one) => pathTargetOf(one) === undefined && !isPassing(one));
  const comparisons = conditions.map((one) => compare(at(one, 'match'), packet));
  // A verdict map decides by what it looks up, and iptables' own matches are not shown.
  const isOpen = expressions.some((one) => ['vmap', 'xt', 'limit'].some((key) => at(one, key) !== undefined));
  return combine(isOpen ? [...comparisons, 'maybe'] : comparisons, target);
}

function compare(match: Json, packet: Advertisement): Comparison {
  if (match === undefined) return 'maybe';
  const comparison = compareMatch(match, packet);
  return at(match, 'op') === '!=' ? negate(comparison) : comparison;
}

function compareMatch(match: Json, { family, cast }: Advertisement): Comparison {
  const values = valuesOf(match);
  const isAny = (known: readonly string[]) => values.some((value) => known.includes(value));
  if (isStateMatch(match)) return compareStates(values, cast);
  const meta = at(match, 'left', 'meta', 'key');
  if (meta === 'l4proto') return isAny(vrrpProtocols) ? 'named' : 'never';
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
  if (protocol === 'undefined' || protocol === 'ether') return 'maybe';
  if (protocol !== (family === 'ipv4' ? 'ip' : 'ip6')) return 'never';
  if (field === 'protocol' || field === 'nexthdr') {
    return values.some((value) => vrrpProtocols.includes(value)) ? 'named' : 'never';
  }
  if (field === 'saddr') return 'source';
  if (field !== 'daddr') return 'maybe';
  const compared = values.map((value) => compareAddress(value, cast));
  return (['named', 'always', 'maybe'] as const).find((one) => compared.includes(one)) ?? 'never';
}
