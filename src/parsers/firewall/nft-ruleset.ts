import { at, isStateMatch, type Json, listOf, valuesOf } from './nft-json.ts';
import { hasExpression, type NftRule, type NftTables, nameOfChain } from './nft-tables.ts';
import { type FirewallRule, isSpecific, type Jump, leadingTo } from './rule.ts';

/**
 * The rules that concern direct return. Rules that iptables made are shown without their targets; `iptables-save` has them.
 */
export function parseNftRuleset({ rules }: NftTables): FirewallRule[] {
  const translating = leadingTo([translation], rules.flatMap(jumpsOf));
  return rules.flatMap((rule) => readRule(rule, translating));
}

/** Stands for a target that translates the destination of packets. No chain has this name. */
const translation = '';

function jumpsOf(rule: NftRule): Jump[] {
  const targets = [...(hasExpression(rule, 'dnat', 'redirect') ? [translation] : []), ...rule.targets];
  return targets.map((target) => ({ chain: nameOfChain(rule), target }));
}

function readRule(rule: NftRule, translating: ReadonlySet<string>): FirewallRule[] {
  const { expressions, packets } = rule;
  const matches = expressions.map((one) => at(one, 'match')).filter((match) => match !== undefined);
  const isAboutInvalid = matches.some((match) => isStateMatch(match) && valuesOf(match).includes('invalid'));
  const dropsInvalid = (isAboutInvalid && rule.refuses) || expressions.some(mapsInvalidToDrop);
  const translates = jumpsOf(rule).some(({ target }) => translating.has(target));
  const [notrack, synproxy] = [hasExpression(rule, 'notrack'), hasExpression(rule, 'synproxy')];
  const action = actionOf({ notrack, synproxy, dropsInvalid, translates });
  if (action === undefined || matches.some((match) => at(match, 'op') === '!=' && !(translates && isDevice(match))))
    return [];
  const field = (name: string) => matches.find((match) => at(match, 'left', 'payload', 'field') === name);
  const ports = field('dport');
  const destinations = valuesOf(field('daddr'));
  const common = {
    action,
    chain: nameOfChain(rule),
    protocol: protocolOf(matches),
    ports: valuesOf(ports),
    packets,
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
