import { groupBy } from '../../../identity/group-by.ts';
import { targetOfExpressions } from '../connection-limit.ts';
import { at, isIcmpMatch, type Json, listOf } from '../nft-json.ts';
import { hasExpression, type NftRule, type NftTables, nameOfChain } from '../nft-tables.ts';
import type { RateLimit } from './rate-limit.ts';

/** Those of nftables itself: `limit rate over`, and a rule that lets a rate pass with the next one refusing the rest. */
export function parseNftRates({ rules }: NftTables): RateLimit[] {
  return [...groupBy(rules, (rule) => nameOfChain(rule))].flatMap(([chain, own]) => {
    const deciding = own.filter((rule) => rule.refuses || lets(rule));
    return deciding.flatMap((rule, index): RateLimit[] => {
      const { handle: position, expressions, packets, refuses } = rule;
      const rate = rateAbove(expressions) ?? rateOfRest(rule, deciding[index - 1]);
      if (rate === undefined || !refuses || isAboutPings(expressions)) return [];
      return [{ tool: 'nft', chain, position, rate, ...targetOfExpressions(expressions), packets }];
    });
  });
}

function lets(rule: NftRule): boolean {
  return hasExpression(rule, 'accept', 'return');
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
function rateOfRest(rule: NftRule, before: NftRule | undefined): string | undefined {
  if (before === undefined || !lets(before)) return undefined;
  const [limit] = limitsOf(before.expressions).filter((one) => at(one, 'inv') !== true);
  const isSame = comparisonsOf(rule) === comparisonsOf(before);
  return limit !== undefined && isSame && limitsOf(rule.expressions).length === 0 ? nameRate(limit) : undefined;
}

function comparisonsOf({ expressions }: NftRule): string {
  return JSON.stringify(expressions.filter((one) => at(one, 'match') !== undefined));
}
