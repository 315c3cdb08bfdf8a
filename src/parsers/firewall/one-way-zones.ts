import { familiesOfChain, type PacketFamily } from '../../identity/firewall-chain.ts';
import type { IptablesTable } from './iptables-tables.ts';
import { at } from './nft-json.ts';
import { familiesOf, type NftTables } from './nft-tables.ts';

/** What rules do with zones of connection tracking, and whether NAT is there, by family of addresses. */
export interface ZoneRules {
  /** Packets of the original direction alone get a zone: the replies of all zones are in one. */
  readonly oneWay: readonly PacketFamily[];
  /** A chain of NAT is there, even one without rules. */
  readonly nat: readonly PacketFamily[];
}

export function parseIptablesZones(tables: readonly IptablesTable[]): ZoneRules {
  const familiesOfTable = ({ tool, name }: IptablesTable) => familiesOfChain({ tool, chain: name });
  const isOneWay = ({ rules }: IptablesTable) =>
    rules.some(({ target, options }) => target === 'CT' && /(^| )--zone-orig /.test(options));
  return {
    oneWay: tables.filter(isOneWay).flatMap(familiesOfTable),
    nat: tables.filter(({ name }) => name === 'nat').flatMap(familiesOfTable),
  };
}

export function parseNftZones({ chains, rules }: NftTables): ZoneRules {
  return {
    oneWay: rules.filter(({ expressions }) => expressions.some(setsOneWay)).flatMap(familiesOf),
    nat: chains.filter(({ type }) => type === 'nat').flatMap(familiesOf),
  };
}

/** `ct original zone set`: without a direction, both have the zone. */
function setsOneWay(expression: unknown): boolean {
  const key = at(expression, 'mangle', 'key', 'ct');
  return at(key, 'key') === 'zone' && at(key, 'dir') === 'original';
}
