import { matchOf, targetOfExpressions } from './connection-limit.ts';
import { at, type Json, listOf, readJson } from './nft-json.ts';

/** A rule that refuses new connections above a rate: `hashlimit` of iptables, `limit rate over` of nftables. */
export interface RateLimit {
  readonly tool: 'iptables' | 'ip6tables' | 'nft';
  /** As the tool names it: `filter FORWARD`, `inet guard forward`. */
  readonly chain: string;
  /** Where it is in its chain, from 1, for iptables; its handle for nft. */
  readonly position: number;
  /** As the tool prints it: `30/min`. */
  readonly rate: string;
  /** What it is about: empty for any. */
  readonly protocol: string;
  readonly address: string;
  readonly port: string;
  /** That it refused; undefined where it does not count. */
  readonly packets: number | undefined;
}

/** Those of `iptables-save -c` or `ip6tables-save -c`. A limit of pings refuses no connection. */
export function parseIptablesRates(text: string, tool: 'iptables' | 'ip6tables'): RateLimit[] {
  const tables = [...text.matchAll(/^\*(\w+)\n(.*?)^COMMIT$/gms)];
  return tables.flatMap(([, table = '', lines = '']) => {
    const positions = new Map<string, number>();
    return [...lines.matchAll(/^(?:\[(\d+):\d+\] )?-A (\S+) (.*)$/gm)].flatMap(([, packets, name = '', rule = '']) => {
      const position = (positions.get(name) ?? 0) + 1;
      positions.set(name, position);
      const [, rate] = / --hashlimit-above (\S+)/.exec(rule) ?? [];
      if (rate === undefined || !/ -j (DROP|REJECT)\b/.test(rule) || /-p (ipv6-)?icmp/.test(rule)) return [];
      const known = packets === undefined ? undefined : Number(packets);
      return [{ tool, chain: `${table} ${name}`, position, rate, ...matchOf(rule), packets: known }];
    });
  });
}

/** Those of nftables itself in `nft -j list ruleset`. */
export function parseNftRates(text: string): RateLimit[] {
  const rules = listOf(at(readJson(text), 'nftables')).map((entry) => at(entry, 'rule'));
  return rules.flatMap((rule): RateLimit[] => {
    const expressions = listOf(at(rule, 'expr'));
    const rate = expressions.map(rateOf).find((one) => one !== undefined);
    const refuses = expressions.some((one) => at(one, 'drop') !== undefined || at(one, 'reject') !== undefined);
    const position = at(rule, 'handle');
    const isAboutPings = JSON.stringify(expressions).includes('icmp');
    if (rate === undefined || !refuses || typeof position !== 'number' || isAboutPings) return [];
    const chain = ['family', 'table', 'chain'].map((key) => String(at(rule, key))).join(' ');
    const packets = expressions.map((one) => at(one, 'counter', 'packets')).find((one) => typeof one === 'number');
    const known = typeof packets === 'number' ? packets : undefined;
    return [{ tool: 'nft', chain, position, rate, ...targetOfExpressions(expressions), packets: known }];
  });
}

/** `limit rate over 30/minute`, alone or for each element of a set. `inv` stands for `over`; bytes are no connections. */
function rateOf(expression: Json): string | undefined {
  const statements = [expression, ...listOf(at(expression, 'set', 'stmt')), at(expression, 'meter', 'stmt')];
  const limit = statements.map((one) => at(one, 'limit')).find((one) => at(one, 'inv') === true);
  const unit = at(limit, 'rate_unit') ?? 'packets';
  return limit === undefined || unit !== 'packets' ? undefined : `${at(limit, 'rate')}/${at(limit, 'per')}`;
}
