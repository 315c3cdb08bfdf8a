import { groupBy } from '../../../identity/group-by.ts';
import { matchOf } from '../connection-limit.ts';
import { type IptablesRule, type IptablesTable, passingTargets, refusingTargets } from '../iptables-tables.ts';
import type { RateLimit } from './rate-limit.ts';

/**
 * `hashlimit` above a rate, `recent` above a number of packets in some seconds, and a rule that lets a rate pass with the
 * next one refusing the rest. A limit of pings refuses no connection.
 */
export function parseIptablesRates(tables: readonly IptablesTable[]): RateLimit[] {
  return tables.flatMap((table) =>
    [...groupBy(table.rules, ({ chain }) => chain).values()].flatMap((rules) => {
      // A rule that only logs or marks may be between the two.
      const deciding = rules.filter(({ target }) => target !== '' && !passingTargets.has(target));
      return deciding.flatMap((rule, index): RateLimit[] => {
        const rate = rateAbove(rule) ?? rateOfRest(rule, deciding[index - 1]);
        const { chain, position, target, matches, packets } = rule;
        if (rate === undefined || !refusingTargets.has(target) || isAboutPings(matches)) return [];
        return [{ tool: table.tool, chain: `${table.name} ${chain}`, position, rate, ...matchOf(matches), packets }];
      });
    }),
  );
}

function isAboutPings(matches: string): boolean {
  return /(?<!! )-p (ipv6-)?icmp/.test(matches);
}

const letting: ReadonlySet<string> = new Set(['ACCEPT', 'RETURN']);

function rateAbove({ matches }: IptablesRule): string | undefined {
  const [, above] = / --hashlimit-above (\S+)/.exec(matches) ?? [];
  if (above !== undefined) return above;
  const [, count] = /-m recent .*--hitcount (\d+)/.exec(matches) ?? [];
  const [, seconds] = / --seconds (\d+)/.exec(matches) ?? [];
  return /--(update|rcheck)\b/.test(matches) && count !== undefined && seconds !== undefined
    ? `${count}/${seconds}s`
    : undefined;
}

/** Where the rule before lets a rate of the same packets pass. */
function rateOfRest(rule: IptablesRule, before: IptablesRule | undefined): string | undefined {
  if (before === undefined || !letting.has(before.target)) return undefined;
  const [, rate] = / --(?:limit|hashlimit-upto) (\S+)/.exec(before.matches) ?? [];
  const isSame = withoutLimit(before) === withoutLimit(rule);
  return isSame && !/-m (recent|limit|hashlimit)\b/.test(rule.matches) ? rate : undefined;
}

function withoutLimit({ matches }: IptablesRule): string {
  return matches.replaceAll(/ ?-m (limit|hashlimit)\b| ?--(limit|hashlimit)(-\w+)* \S+/g, '').trim();
}
