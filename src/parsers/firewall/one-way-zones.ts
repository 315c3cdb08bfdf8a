import { at, listOf, readJson } from './nft-json.ts';

type Family = 'ipv4' | 'ipv6';

/** What rules do with zones of connection tracking, and whether NAT is there, by family of addresses. */
export interface ZoneRules {
  /** Packets of the original direction alone get a zone: the replies of all zones are in one. */
  readonly oneWay: readonly Family[];
  /** A chain of NAT is there, even one without rules. */
  readonly nat: readonly Family[];
}

/** What `iptables-save` or `ip6tables-save` prints. */
export function parseIptablesZones(text: string, tool: 'iptables' | 'ip6tables'): ZoneRules {
  const family = tool === 'iptables' ? 'ipv4' : 'ipv6';
  return {
    oneWay: /^(?:\[\d+:\d+\] )?-A .* -j CT\b.* --zone-orig /m.test(text) ? [family] : [],
    nat: /^\*nat$/m.test(text) ? [family] : [],
  };
}

const families: Readonly<Record<string, readonly Family[]>> = { ip: ['ipv4'], ip6: ['ipv6'], inet: ['ipv4', 'ipv6'] };

/** What `nft -j list ruleset` prints. */
export function parseNftZones(text: string): ZoneRules {
  const entries = listOf(at(readJson(text), 'nftables'));
  const rules = entries.map((entry) => at(entry, 'rule'));
  const chains = entries.map((entry) => at(entry, 'chain'));
  return {
    oneWay: rules.filter((rule) => listOf(at(rule, 'expr')).some(setsOneWay)).flatMap(familiesOf),
    nat: chains.filter((chain) => at(chain, 'type') === 'nat').flatMap(familiesOf),
  };
}

/** `ct original zone set`: without a direction, both have the zone. */
function setsOneWay(expression: unknown): boolean {
  const key = at(expression, 'mangle', 'key', 'ct');
  return at(key, 'key') === 'zone' && at(key, 'dir') === 'original';
}

function familiesOf(entry: unknown): readonly Family[] {
  return families[String(at(entry, 'family'))] ?? [];
}
