import { ParseError } from '../parse-error.ts';
import { at, isStateMatch, type Json, listOf, readJson, valuesOf } from './nft-json.ts';
import { type FirewallRule, isSpecific, type Jump, leadingTo } from './rule.ts';

/**
 * Parses the rules of `nft -j list ruleset` that concern direct return. See libnftables-json(5). Rules that iptables
 * made are shown there without their targets; `iptables-save` has them.
 */
export function parseNftRuleset(text: string): FirewallRule[] {
  const entries = at(readJson(text), 'nftables');
  if (!Array.isArray(entries)) throw new ParseError(1, 'expected an object with a list "nftables"');
  const rules = entries.map((entry) => at(entry, 'rule')).filter((rule) => rule !== undefined);
  const translating = leadingTo([translation], rules.flatMap(jumpsOf));
  return rules.flatMap((rule) => readRule(rule, translating));
}

/** Stands for a target that translates the destination of packets. No chain has this name. */
const translation = '';

function jumpsOf(rule: Json): Jump[] {
  const expressions = listOf(at(rule, 'expr'));
  const chain = chainOf(rule, at(rule, 'chain'));
  const isTranslation = expressions.some((one) => at(one, 'dnat') !== undefined || at(one, 'redirect') !== undefined);
  const targets = expressions.map((one) => at(one, 'jump', 'target') ?? at(one, 'goto', 'target'));
  return [
    ...(isTranslation ? [{ chain, target: translation }] : []),
    ...targets.filter((target) => target !== undefined).map((target) => ({ chain, target: chainOf(rule, target) })),
  ];
}

function chainOf(rule: Json, chain: Json): string {
  return [at(rule, 'family'), at(rule, 'table'), chain].map(String).join(' ');
}

function readRule(rule: Json, translating: ReadonlySet<string>): FirewallRule[] {
  const expressions = listOf(at(rule, 'expr'));
  const has = (name: string) => expressions.some((one) => at(one, name) !== undefined);
  const matches = expressions.map((one) => at(one, 'match')).filter((match) => match !== undefined);
  const isAboutInvalid = matches.some((match) => isStateMatch(match) && valuesOf(match).includes('invalid'));
  const dropsInvalid = (isAboutInvalid && (has('drop') || has('reject'))) || expressions.some(mapsInvalidToDrop);
  const translates = jumpsOf(rule).some(({ target }) => translating.has(target));
  const action = actionOf({ notrack: has('notrack'), synproxy: has('synproxy'), dropsInvalid, translates });
  if (action === undefined || matches.some((match) => at(match, 'op') === '!=' && !(translates && isDevice(match))))
    return [];
  const field = (name: string) => matches.find((match) => at(match, 'left', 'payload', 'field') === name);
  const ports = field('dport');
  const destinations = valuesOf(field('daddr'));
  const packets = expressions.map((one) => at(one, 'counter', 'packets')).find((value) => typeof value === 'number');
  const common = {
    action,
    chain: chainOf(rule, at(rule, 'chain')),
    protocol: protocolOf(matches),
    ports: valuesOf(ports),
    packets: typeof packets === 'number' ? packets : undefined,
  } as const;
  return (destinations.length === 0 ? [''] : destinations)
    .map((destination) => ({ ...common, destination }))
    .filter((one) => action !== 'translate' || isSpecific(one));
}

function actionOf(rule: Readonly<Record<'notrack' | 'synproxy' | 'dropsInvalid' | 'translates', boolean>>) {
  if (rule.notrack) return 'notrack';
  if (rule.synproxy) return 'synproxy';
  if (rule.dropsInvalid) return 'drop_invalid';
  return rule.translates ? 'translate' : undefined;
}

/** `iifname != "docker0"` leaves a rule one of its destination. */
function isDevice(match: Json): boolean {
  const key = at(match, 'left', 'meta', 'key');
  return key === 'iifname' || key === 'oifname';
}

/** `ct state vmap { established : accept, invalid : drop }` */
function mapsInvalidToDrop(expression: Json): boolean {
  const map = at(expression, 'vmap');
  if (at(map, 'key', 'ct', 'key') !== 'state') return false;
  const pairs = listOf(at(map, 'data', 'set')).map(listOf);
  return pairs.some(([state, verdict]) => state === 'invalid' && at(verdict, 'drop') !== undefined);
}

/** `tcp dport 80` names it with the port; `meta l4proto tcp` and `ip protocol tcp` alone. */
function protocolOf(matches: readonly Json[]): string {
  const withPort = matches
    .map((match) => at(match, 'left', 'payload'))
    .find((payload) => at(payload, 'field') === 'dport');
  if (withPort !== undefined) return String(at(withPort, 'protocol'));
  const alone = matches.find(
    (match) => at(match, 'left', 'meta', 'key') === 'l4proto' || at(match, 'left', 'payload', 'field') === 'protocol',
  );
  return valuesOf(alone)[0] ?? '';
}
