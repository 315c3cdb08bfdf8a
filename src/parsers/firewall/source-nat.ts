import type { IptablesRule, IptablesTable } from './iptables-tables.ts';
import { at, type Json, listOf } from './nft-json.ts';
import { type NftTables, nameOfChain } from './nft-tables.ts';
import type { FirewallTool } from './rule.ts';

/** A rule that translates the source of packets (SNAT, MASQUERADE). */
export interface SourceNatRule {
  readonly tool: FirewallTool;
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

/** The rules of the nat tables. */
export function parseIptablesSourceNat(tables: readonly IptablesTable[]): SourceNatRule[] {
  const nat = tables.filter(({ name }) => name === 'nat');
  return nat.flatMap(({ tool, rules }) =>
    rules
      .filter(({ target }) => sourceTargets.has(target))
      .map((rule) => {
        const { chain, position, text, packets } = rule;
        return { tool, chain, position, rule: text, packets, ...readTarget(rule) };
      }),
  );
}

const sourceTargets: ReadonlySet<string> = new Set(['SNAT', 'MASQUERADE', 'NETMAP']);

function readTarget({ target, options }: IptablesRule): Pick<SourceNatRule, 'ports' | 'addresses' | 'isRandom'> {
  if (target === 'NETMAP') return { addresses: '?', ports: '', isRandom: true };
  const [, source = ''] = /--to-source (\S+)/.exec(options) ?? [];
  const [, masqueradePorts = ''] = /--to-ports (\S+)/.exec(options) ?? [];
  const [ports = ''] = /(?<=^[\d.-]+:|\]:)[\d-]+$/.exec(source) ?? [];
  const addresses = ports === '' ? source : source.slice(0, -ports.length - 1);
  return { addresses, ports: ports || masqueradePorts, isRandom: /(^| )--random-fully\b/.test(options) };
}

/** The rules of nftables itself; those of iptables are shown there without their targets. */
export function parseNftSourceNat({ rules }: NftTables): SourceNatRule[] {
  return rules.flatMap((rule): SourceNatRule[] => {
    const { expressions, handle: position, packets } = rule;
    const found = expressions.find((one) => at(one, 'snat') !== undefined || at(one, 'masquerade') !== undefined);
    if (found === undefined) return [];
    const target = at(found, 'snat') ?? at(found, 'masquerade');
    return [
      {
        tool: 'nft',
        chain: nameOfChain(rule),
        position,
        rule: '',
        ports: rangeOf(at(target, 'port')),
        addresses: at(target, 'addr') === undefined ? '' : rangeOf(at(target, 'addr')) || '?',
        isRandom: listOf(at(target, 'flags')).includes('fully-random'),
        packets,
      },
    ];
  });
}

function rangeOf(value: Json): string {
  const [first, last] = listOf(at(value, 'range'));
  if (first !== undefined) return `${first}-${last}`;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
