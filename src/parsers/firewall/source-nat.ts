import { at, type Json, listOf, readJson } from './nft-json.ts';

/** A rule that translates the source of packets (SNAT, MASQUERADE). */
export interface SourceNatRule {
  readonly tool: 'iptables' | 'ip6tables' | 'nft';
  /** As the tool names it: `POSTROUTING`, `ip nat postrouting`. */
  readonly chain: string;
  /** Where it is in its chain, from 1, for iptables; its handle for nft. */
  readonly position: number;
  /** As iptables takes it after the chain. Empty for nft, which shows it by its handle. */
  readonly rule: string;
  /** Source ports that it is limited to, as the tool prints them: `40000-40099`. Empty for all. */
  readonly ports: string;
  /** Addresses that it translates to, `198.51.100.1-198.51.100.4`. Empty for that of the interface; `?` for those of a map or network. */
  readonly addresses: string;
  /** Whether ports are chosen fully at random, or none are (NETMAP). */
  readonly isRandom: boolean;
  readonly packets: number | undefined;
}

/** The rules of the nat table in `iptables-save -c` or `ip6tables-save -c`. */
export function parseIptablesSourceNat(text: string, tool: 'iptables' | 'ip6tables'): SourceNatRule[] {
  const nat = /^\*nat\n(.*?)^COMMIT$/ms.exec(text)?.[1] ?? '';
  const positions = new Map<string, number>();
  return [...nat.matchAll(/^(?:\[(\d+):\d+\] )?-A (\S+) (.*)$/gm)].flatMap(([, packets, chain = '', rule = '']) => {
    const position = (positions.get(chain) ?? 0) + 1;
    positions.set(chain, position);
    return / ?-j (SNAT|MASQUERADE|NETMAP)\b/.test(rule)
      ? [{ tool, chain, position, rule, packets: toNumber(packets), ...readTarget(rule) }]
      : [];
  });
}

function readTarget(rule: string): Pick<SourceNatRule, 'ports' | 'addresses' | 'isRandom'> {
  if (/-j NETMAP\b/.test(rule)) return { addresses: '?', ports: '', isRandom: true };
  const [, source = ''] = /--to-source (\S+)/.exec(rule) ?? [];
  const [, masqueradePorts = ''] = /--to-ports (\S+)/.exec(rule) ?? [];
  const [ports = ''] = /(?<=^[\d.-]+:|\]:)[\d-]+$/.exec(source) ?? [];
  const addresses = ports === '' ? source : source.slice(0, -ports.length - 1);
  return { addresses, ports: ports || masqueradePorts, isRandom: / --random-fully\b/.test(rule) };
}

/** The rules of nftables itself in `nft -j list ruleset`; those of iptables are shown there without their targets. */
export function parseNftSourceNat(text: string): SourceNatRule[] {
  const rules = listOf(at(readJson(text), 'nftables')).map((entry) => at(entry, 'rule'));
  return rules.flatMap((rule) => {
    const expressions = listOf(at(rule, 'expr'));
    const found = expressions.find((one) => at(one, 'snat') !== undefined || at(one, 'masquerade') !== undefined);
    const position = at(rule, 'handle');
    if (found === undefined || typeof position !== 'number') return [];
    const target = at(found, 'snat') ?? at(found, 'masquerade');
    const chain = ['family', 'table', 'chain'].map((key) => String(at(rule, key))).join(' ');
    const packets = expressions.map((one) => at(one, 'counter', 'packets')).find((one) => typeof one === 'number');
    return [
      {
        tool: 'nft',
        chain,
        position,
        rule: '',
        ports: rangeOf(at(target, 'port')),
        addresses: at(target, 'addr') === undefined ? '' : rangeOf(at(target, 'addr')) || '?',
        isRandom: listOf(at(target, 'flags')).includes('fully-random'),
        packets: typeof packets === 'number' ? packets : undefined,
      },
    ];
  });
}

function rangeOf(value: Json): string {
  const [first, last] = listOf(at(value, 'range'));
  if (first !== undefined) return `${first}-${last}`;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function toNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
