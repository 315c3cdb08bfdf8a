import { groupBy } from '../../../identity/group-by.ts';
import { at, isStateMatch, type Json, listOf, valuesOf } from '../nft-json.ts';
import { isRefusal, type NftChain, type NftTables, nameOfChain } from '../nft-tables.ts';
import type { ForwardChain, PacketState, PathRule, PathTarget } from './forward-path.ts';

/** The base chains of the forward hook. */
export function parseNftForward(tables: NftTables, packet: PacketState = 'invalid'): ForwardChain[] {
  return tables.chains
    .filter(({ hook }) => hook === 'forward')
    .map((chain) => readNftBaseChain(tables, chain, (expressions) => readRule(expressions, packet)));
}

/** A base chain, with what its table leads to. @param read leaves out a rule that does not apply. */
export function readNftBaseChain(
  { rules }: NftTables,
  base: NftChain,
  read: (expressions: readonly Json[]) => PathRule | undefined,
): ForwardChain {
  const own = rules.filter(({ family, table }) => family === base.family && table === base.table);
  const byChain = groupBy(own, ({ chain }) => chain);
  return {
    tool: 'nft',
    name: nameOfChain(base),
    first: base.chain,
    policy: base.policy,
    chains: new Map(
      [...byChain].map(([name, all]) => [name, all.flatMap(({ expressions }) => read(expressions) ?? [])]),
    ),
  };
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
  if (isRefusal(expression)) return 'drop';
  if (at(expression, 'return') !== undefined) return 'return';
  const jump = at(expression, 'jump', 'target') ?? at(expression, 'goto', 'target');
  if (jump !== undefined) return { jump: String(jump) };
  return stateInMap(expression, packet);
}

/** `ct state vmap { established : accept, invalid : drop }` */
function stateInMap(expression: Json, packet: PacketState): PathTarget | undefined {
  const map = at(expression, 'vmap');
  if (map === undefined) return undefined;
  // Of a map by anything else, or one that has a name, any verdict is possible.
  if (at(map, 'key', 'ct', 'key') !== 'state' || at(map, 'data', 'set') === undefined) return 'accept';
  const pairs = listOf(at(map, 'data', 'set')).map(listOf);
  const [, verdict] = pairs.find(([state]) => state === packet) ?? [];
  return verdict === undefined ? undefined : pathTargetOf(verdict, packet);
}
