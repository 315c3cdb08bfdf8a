import { groupBy } from '../../identity/group-by.ts';
import type { ForwardChain, PacketState, PathRule, PathTarget } from './forward-path.ts';
import { at, isStateMatch, type Json, listOf, readJson, valuesOf } from './nft-json.ts';

/** The base chains of the forward hook in `nft -j list ruleset`: see libnftables-json(5). */
export function parseNftForward(text: string, packet: PacketState = 'invalid'): ForwardChain[] {
  const entries = listOf(at(readJson(text), 'nftables'));
  const rules = entries.map((entry) => at(entry, 'rule')).filter((rule) => rule !== undefined);
  return entries
    .map((entry) => at(entry, 'chain'))
    .filter((chain) => at(chain, 'hook') === 'forward')
    .map((chain) => {
      const [family, table, name] = ['family', 'table', 'name'].map((key) => String(at(chain, key)));
      const own = rules.filter((rule) => at(rule, 'family') === family && at(rule, 'table') === table);
      return {
        name: `${family} ${table} ${name}`,
        first: String(name),
        policy: at(chain, 'policy') === 'drop' ? 'drop' : 'accept',
        chains: rulesByChain(own, (expressions) => readRule(expressions, packet)),
      };
    });
}

/** The rules of each chain. @param read leaves out a rule that does not apply. */
export function rulesByChain(
  rules: readonly Json[],
  read: (expressions: readonly Json[]) => PathRule | undefined,
): ReadonlyMap<string, readonly PathRule[]> {
  const chains = groupBy(rules, (rule) => String(at(rule, 'chain')));
  return new Map([...chains].map(([name, own]) => [name, own.flatMap((rule) => read(listOf(at(rule, 'expr'))) ?? [])]));
}

/** Expressions that neither compare nor decide. */
const passing = new Set(['counter', 'log', 'mangle', 'limit', 'meter', 'set']);

function readRule(expressions: readonly Json[], packet: PacketState): PathRule | undefined {
  const targetFor = (one: Json) => pathTargetOf(one, packet);
  const target = expressions.map(targetFor).find((one) => one !== undefined);
  const states = expressions
    .map((one) => at(one, 'match'))
    .filter((match) => match !== undefined && isStateMatch(match));
  if (target === undefined || !states.every((match) => includesState(match, packet))) return undefined;
  const others = expressions.filter(
    (one) => targetFor(one) === undefined && !isPassing(one) && !states.includes(at(one, 'match')),
  );
  const isLimited = expressions.some((one) => at(one, 'limit') !== undefined);
  return { matches: others.length === 0 && !isLimited ? 'always' : 'maybe', target };
}

export function isPassing(expression: Json): boolean {
  return (
    typeof expression === 'object' && expression !== null && Object.keys(expression).every((key) => passing.has(key))
  );
}

function includesState(match: Json, packet: PacketState): boolean {
  return valuesOf(match).includes(packet) === (at(match, 'op') !== '!=');
}

/** What iptables added is shown as `xt`, without its target: it may let a packet through. */
const maybeAccepting = ['accept', 'xt', 'synproxy', 'queue', 'tproxy'];

export function pathTargetOf(expression: Json, packet: PacketState = 'invalid'): PathTarget | undefined {
  if (maybeAccepting.some((name) => at(expression, name) !== undefined)) return 'accept';
  if (at(expression, 'drop') !== undefined || at(expression, 'reject') !== undefined) return 'drop';
  if (at(expression, 'return') !== undefined) return 'return';
  const jump = at(expression, 'jump', 'target') ?? at(expression, 'goto', 'target');
  if (jump !== undefined) return { jump: String(jump) };
  return stateInMap(expression, packet);
}

/** `ct state vmap { established : accept, invalid : drop }` */
function stateInMap(expression: Json, packet: PacketState): PathTarget | undefined {
  const map = at(expression, 'vmap');
  if (map === undefined) return undefined;
  // Of a map by anything else, any verdict is possible.
  if (at(map, 'key', 'ct', 'key') !== 'state') return 'accept';
  const pairs = listOf(at(map, 'data', 'set')).map(listOf);
  const [, verdict] = pairs.find(([state]) => state === packet) ?? [];
  return verdict === undefined ? undefined : pathTargetOf(verdict, packet);
}
