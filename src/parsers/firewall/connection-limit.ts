import { type IptablesTable, refusingTargets } from './iptables-tables.ts';
import { at, type Json, listOf, valuesOf } from './nft-json.ts';
import { type NftTables, nameOfChain } from './nft-tables.ts';
import type { FirewallTool } from './rule.ts';

/** A rule that refuses new connections above a number: `connlimit` of iptables, `ct count` of nftables. */
export interface ConnectionLimit {
  readonly tool: FirewallTool;
  /** As the tool names it: `filter FORWARD`, `inet lvs_limit prerouting`. */
  readonly chain: string;
  /** Where it is in its chain, from 1, for iptables; its handle for nft. */
  readonly position: number;
  readonly connections: number;
  /** What it is about: empty for any. */
  readonly protocol: string;
  readonly address: string;
  readonly port: string;
  /** That it refused; undefined where it does not count. */
  readonly packets: number | undefined;
}

export function parseIptablesLimits(tables: readonly IptablesTable[]): ConnectionLimit[] {
  return tables.flatMap(({ tool, name, rules }) =>
    rules.flatMap(({ chain, position, matches, target, packets }): ConnectionLimit[] => {
      const [, above] = /(?:^| )--connlimit-above (\d+)/.exec(matches) ?? [];
      if (above === undefined || !refusingTargets.has(target)) return [];
      return [{ tool, chain: `${name} ${chain}`, position, connections: Number(above), ...matchOf(matches), packets }];
    }),
  );
}

/** @param matches what a rule of iptables compares */
export function matchOf(matches: string): Pick<ConnectionLimit, 'protocol' | 'address' | 'port'> {
  const value = (option: string) => new RegExp(`(?<!! )(?<=^| )${option} (\\S+)`).exec(matches)?.[1] ?? '';
  return {
    protocol: value('-p'),
    address: value('-d').replace(/\/(32|128)$/, ''),
    port: value('--dport'),
  };
}

/** Those of nftables itself: it shows those of iptables without what they compare. */
export function parseNftLimits({ rules }: NftTables): ConnectionLimit[] {
  return rules.flatMap((rule): ConnectionLimit[] => {
    const { expressions, handle: position, packets, refuses } = rule;
    const connections = expressions.map(countOf).find((one) => one !== undefined);
    if (connections === undefined || !refuses) return [];
    const chain = nameOfChain(rule);
    return [{ tool: 'nft', chain, position, connections, ...targetOfExpressions(expressions), packets }];
  });
}

/** `ct count over 100`, alone or for each element of a set. `inv` stands for `over`. */
function countOf(expression: Json): number | undefined {
  const statements = [expression, ...listOf(at(expression, 'set', 'stmt')), at(expression, 'meter', 'stmt')];
  const limit = statements.map((one) => at(one, 'ct count')).find((one) => at(one, 'inv') === true);
  const value = at(limit, 'val');
  return typeof value === 'number' ? value : undefined;
}

export function targetOfExpressions(
  expressions: readonly Json[],
): Pick<ConnectionLimit, 'protocol' | 'address' | 'port'> {
  const matches = expressions.map((one) => at(one, 'match')).filter((match) => at(match, 'op') !== '!=');
  const field = (name: string) => matches.find((match) => at(match, 'left', 'payload', 'field') === name);
  const only = (values: readonly string[]) => (values.length === 1 ? (values[0] ?? '') : '');
  const port = field('dport');
  const protocol = at(port, 'left', 'payload', 'protocol');
  return {
    protocol: typeof protocol === 'string' ? protocol : '',
    address: only(valuesOf(field('daddr'))),
    port: only(valuesOf(port)),
  };
}
