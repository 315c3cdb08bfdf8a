import type { FirewallTexts } from '../../host/host.ts';
import { parseFrom } from '../../host/read.ts';
import { type IptablesTable, readIptablesTables } from '../../parsers/firewall/iptables-tables.ts';
import { type NftTables, noNftTables, readNftTables } from '../../parsers/firewall/nft-tables.ts';

/** The rules of a firewall, of every tool. */
export interface Rules {
  readonly iptables: readonly IptablesTable[];
  readonly nft: NftTables;
}

export function readRules({ nft, ...texts }: FirewallTexts): Rules {
  const { iptables, iptablesLegacy = '', ip6tables, ip6tablesLegacy = '' } = texts;
  return {
    iptables: [
      ...readIptablesTables(iptables, 'iptables'),
      ...readIptablesTables(iptablesLegacy, 'iptables-legacy'),
      ...readIptablesTables(ip6tables, 'ip6tables'),
      ...readIptablesTables(ip6tablesLegacy, 'ip6tables-legacy'),
    ],
    nft: nft === '' ? noNftTables : parseFrom('nft', nft, readNftTables),
  };
}

/** Those of one kind. */
export function rulesOf<Rule>(
  { iptables, nft }: Rules,
  ofIptables: (tables: readonly IptablesTable[]) => readonly Rule[],
  ofNft: (tables: NftTables) => readonly Rule[],
): Rule[] {
  return [...ofIptables(iptables), ...ofNft(nft)];
}
