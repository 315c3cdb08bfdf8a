import { at, type Json, listOf, readJson, valuesOf } from './nft-json.ts';

/** A rule that refuses new connections above a number: `connlimit` of iptables, `ct count` of nftables. */
export interface ConnectionLimit {
  readonly tool: 'iptables' | 'ip6tables' | 'nft';
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

/** Those of `iptables-save -c` or `ip6tables-save -c`. */
export function parseIptablesLimits(text: string, tool: 'iptables' | 'ip6tables'): ConnectionLimit[] {
  const tables = [...text.matchAll(/^\*(\w+)\n(.*?)^COMMIT$/gms)];
  return tables.flatMap(([, table = '', lines = '']) => {
    const positions = new Map<string, number>();
    return [...lines.matchAll(/^(?:\[(\d+):\d+\] )?-A (\S+) (.*)$/gm)].flatMap(([, packets, chain = '', rule = '']) => {
      const position = (positions.get(chain) ?? 0) + 1;
      positions.set(chain, position);
      const [, above] = / ?--connlimit-above (\d+)/.exec(rule) ?? [];
      if (above === undefined || !/ -j (DROP|REJECT)\b/.test(rule)) return [];
      const known = packets === undefined ? undefined : Number(packets);
      return [
        { tool, chain: `${table} ${chain}`, position, connections: Number(above), ...matchOf(rule), packets: known },
      ];
    });
  });
}

export function matchOf(rule: string): Pick<ConnectionLimit, 'protocol' | 'address' | 'port'> {
  const value = (option: RegExp) => option.exec(rule)?.[1] ?? '';
  return {
    protocol: value(/(?:^| )-p (\S+)/),
    address: value(/(?:^| )-d (\S+)/).replace(/\/(32|128)$/, ''),
    port: value(/ --dport (\S+)/),
  };
}

/** Those of nftables itself in `nft -j list ruleset`. */
export function parseNftLimits(text: string): ConnectionLimit[] {
  const rules = listOf(at(readJson(text), 'nftables')).map((entry) => at(entry, 'rule'));
  return rules.flatMap((rule): ConnectionLimit[] => {
    const expressions = listOf(at(rule, 'expr'));
    const connections = expressions.map(countOf).find((one) => one !== undefined);
    const refuses = expressions.some((one) => at(one, 'drop') !== undefined || at(one, 'reject') !== undefined);
    const position = at(rule, 'handle');
    if (connections === undefined || !refuses || typeof position !== 'number') return [];
    const chain = ['family', 'table', 'chain'].map((key) => String(at(rule, key))).join(' ');
    const packets = expressions.map((one) => at(one, 'counter', 'packets')).find((one) => typeof one === 'number');
    const known = typeof packets === 'number' ? packets : undefined;
    return [{ tool: 'nft', chain, position, connections, ...targetOfExpressions(expressions), packets: known }];
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
  const matches = expressions.map((one) => at(one, 'match')).filter((match) => match !== undefined);
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
