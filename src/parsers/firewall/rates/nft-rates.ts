import { groupBy } from '../../../identity/group-by.ts';
import { targetOfExpressions } from '../connection-limit.ts';
import { at, isIcmpMatch, type Json, listOf, readJson } from '../nft-json.ts';
import type { RateLimit } from './rate-limit.ts';

interface Rule {
  readonly chain: string;
  readonly position: number;
  readonly expressions: readonly Json[];
}

/**
 * Those of nftables itself in `nft -j list ruleset`: `limit rate over`, and a rule that lets a rate pass with the next one
 * refusing the rest.
 */
export function parseNftRates(text: string): RateLimit[] {
  const rules = listOf(at(readJson(text), 'nftables')).flatMap((entry) => readRule(at(entry, 'rule')));
  return [...groupBy(rules, ({ chain }) => chain).values()].flatMap((own) => {
    const deciding = own.filter(({ expressions }) => has(expressions, ...refusing, ...letting));
    return deciding.flatMap((rule, index): RateLimit[] => {
      const { chain, position, expressions } = rule;
      const rate = rateAbove(expressions) ?? rateOfRest(rule, deciding[index - 1]);
      if (rate === undefined || !has(expressions, ...refusing) || isAboutPings(expressions)) return [];
      const packets = expressions.map((one) => at(one, 'counter', 'packets')).find((one) => typeof one === 'number');
      const known = typeof packets === 'number' ? packets : undefined;
      return [{ tool: 'nft', chain, position, rate, ...targetOfExpressions(expressions), packets: known }];
    });
  });
}

const refusing = ['drop', 'reject'];
const letting = ['accept', 'return'];

function readRule(rule: Json): Rule[] {
  const position = at(rule, 'handle');
  if (typeof position !== 'number') return [];
  const chain = ['family', 'table', 'chain'].map((key) => String(at(rule, key))).join(' ');
  return [{ chain, position, expressions: listOf(at(rule, 'expr')) }];
}

function has(expressions: readonly Json[], ...names: readonly string[]): boolean {
  return expressions.some((one) => names.some((name) => at(one, name) !== undefined));
}

function isAboutPings(expressions: readonly Json[]): boolean {
  return expressions.some((one) => isIcmpMatch(at(one, 'match')));
}

/** `limit rate over 30/minute`, alone or for each element of a set. `inv` stands for `over`; bytes are no connections. */
function rateAbove(expressions: readonly Json[]): string | undefined {
  return limitsOf(expressions)
    .filter((limit) => at(limit, 'inv') === true)
    .map(nameRate)[0];
}

function limitsOf(expressions: readonly Json[]): Json[] {
  const statements = expressions.flatMap((one) => [
    one,
    ...listOf(at(one, 'set', 'stmt')),
    ...listOf(at(one, 'meter', 'stmt')),
  ]);
  const limits = statements.map((one) => at(one, 'limit')).filter((limit) => limit !== undefined);
  return limits.filter((limit) => (at(limit, 'rate_unit') ?? 'packets') === 'packets');
}

function nameRate(limit: Json): string {
  return `${at(limit, 'rate')}/${at(limit, 'per')}`;
}

/** Where the rule before lets a rate of the same packets pass. */
function rateOfRest(rule: Rule, before: Rule | undefined): string | undefined {
  if (before === undefined || !has(before.expressions, ...letting)) return undefined;
  const [limit] = limitsOf(before.expressions).filter((one) => at(one, 'inv') !== true);
  const isSame = comparisonsOf(rule) === comparisonsOf(before);
  return limit !== undefined && isSame && limitsOf(rule.expressions).length === 0 ? nameRate(limit) : undefined;
}

function comparisonsOf({ expressions }: Rule): string {
  return JSON.stringify(expressions.filter((one) => at(one, 'match') !== undefined));
}
