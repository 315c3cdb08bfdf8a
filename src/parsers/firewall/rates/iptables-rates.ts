import { groupBy } from '../../../identity/group-by.ts';
import { matchOf } from '../connection-limit.ts';
import { type IptablesRule, type IptablesTool, readIptablesTables } from '../iptables-tables.ts';
import type { RateLimit } from './rate-limit.ts';

/**
 * Those of `iptables-save -c` or `ip6tables-save -c`: `hashlimit` above a rate, `recent` above a number of packets in some
 * seconds, and a rule that lets a rate pass with the next one refusing the rest. A limit of pings refuses no connection.
 */
export function parseIptablesRates(text: string, tool: IptablesTool): RateLimit[] {
  return readIptablesTables(text, tool).flatMap((table) =>
    [...groupBy(table.rules, ({ chain }) => chain).values()].flatMap((rules) => {
      // A rule that only logs or marks may be between the two.
      const deciding = rules.filter(({ target }) => target !== '' && !passing.has(target));
      return deciding.flatMap((rule, index): RateLimit[] => {
        const rate = rateAbove(rule) ?? rateOfRest(rule, deciding[index - 1]);
        if (rate === undefined || !refusing.has(rule.target) || /(?<!! )-p (ipv6-)?icmp/.test(rule.text)) return [];
        const { chain, position, packets } = rule;
        return [{ tool: table.tool, chain: `${table.name} ${chain}`, position, rate, ...matchOf(rule.text), packets }];
      });
    }),
  );
}

const passing: ReadonlySet<string> = new Set(['LOG', 'NFLOG', 'MARK', 'CONNMARK', 'SET']);
const refusing: ReadonlySet<string> = new Set(['DROP', 'REJECT']);
const letting: ReadonlySet<string> = new Set(['ACCEPT', 'RETURN']);

function rateAbove({ text }: IptablesRule): string | undefined {
  const [, above] = / ?--hashlimit-above (\S+)/.exec(text) ?? [];
  if (above !== undefined) return above;
  const [, count] = /-m recent .*--hitcount (\d+)/.exec(text) ?? [];
  const [, seconds] = / --seconds (\d+)/.exec(text) ?? [];
  return /--(update|rcheck)\b/.test(text) && count !== undefined && seconds !== undefined
    ? `${count}/${seconds}s`
    : undefined;
}

/** Where the rule before lets a rate of the same packets pass. */
function rateOfRest(rule: IptablesRule, before: IptablesRule | undefined): string | undefined {
  if (before === undefined || !letting.has(before.target)) return undefined;
  const [, rate] = / ?--(?:limit|hashlimit-upto) (\S+)/.exec(before.text) ?? [];
  const isSame = withoutLimit(before) === withoutLimit(rule);
  return isSame && !/-m (recent|limit|hashlimit)\b/.test(rule.text) ? rate : undefined;
}

function withoutLimit({ text }: IptablesRule): string {
  return text
    .replaceAll(/ ?-m (limit|hashlimit)\b| ?--(limit|hashlimit)(-\w+)* \S+/g, '')
    .replaceAll(/ ?-m comment --comment ("(?:[^"\\]|\\.)*"|\S+)/g, '')
    .replace(/ ?-[jg] .*$/, '')
    .trim();
}
