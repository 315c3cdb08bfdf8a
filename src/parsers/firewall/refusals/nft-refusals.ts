import { groupBy } from '../../../identity/group-by.ts';
import { ownerOfRule } from '../../../identity/rule-owners.ts';
import { at, type Json, listOf } from '../nft-json.ts';
import { type NftChain, type NftRule, type NftTables, nameOfChain } from '../nft-tables.ts';
import { listOwner } from './iptables-refusals.ts';
import { isMeantByNft } from './meant.ts';
import { type PacketPath, pathsOfChains, type Refusal } from './refusal.ts';

const hookPaths: Readonly<Record<string, PacketPath>> = {
  ingress: 'received',
  prerouting: 'received',
  input: 'input',
  forward: 'forward',
  output: 'output',
};

/**
 * Rules and policies of nftables itself that refuse packets which some user may miss. A policy of nftables has no counter.
 * What iptables made is left out: `iptables-save` shows it.
 */
export function parseNftRefusals(tables: NftTables): Refusal[] {
  const ofIptables = new Set(tables.chains.filter(isOfIptables).map(tableOf));
  const own = (one: Parameters<typeof tableOf>[0]) => !ofIptables.has(tableOf(one));
  const rules = tables.rules.filter(own);
  const base = tables.chains.filter(own).filter(({ hook }) => hook !== '');
  const byChain = groupBy(rules, (rule) => nameOfChain(rule));
  const paths = pathsOfChains({
    entries: new Map(base.flatMap((chain) => entryOf(chain))),
    targets: new Map([...byChain].map(([name, all]) => [name, all.flatMap((rule) => rule.targets)])),
  });
  const common = (chain: string) => ({ tool: 'nft', chain, rule: '', paths: [...(paths.get(chain) ?? [])] }) as const;
  return [
    ...base
      .filter(({ policy }) => policy === 'drop')
      .map((chain) => nameOfChain(chain))
      .filter((name) => !byChain.get(name)?.some(acceptsByRoute))
      .map((name) => ({
        ...common(name),
        position: 'policy',
        owners: listOwner(ownerOfRule(name, '')),
        packets: undefined,
      })),
    ...rules
      .filter(({ refuses, expressions }) => refuses && !isMeantByNft(expressions))
      .map((rule) => ({
        ...common(nameOfChain(rule)),
        position: String(rule.handle),
        owners: listOwner(ownerOfRule(nameOfChain(rule), JSON.stringify(rule))),
        packets: rule.packets,
      })),
  ];
}

/** A chain that accepts what has a route back refuses what comes the wrong way: `fib saddr . iif oif exists accept`. */
function acceptsByRoute({ expressions }: NftRule): boolean {
  return expressions.some(hasRouteBack) && expressions.some((one) => at(one, 'accept') !== undefined);
}

/** A single flag may be written without a list. */
function hasRouteBack(expression: Json): boolean {
  const fib = at(expression, 'match', 'left', 'fib');
  const isMissing = at(expression, 'match', 'right') === false;
  return at(fib, 'result') === 'oif' && listOf(at(fib, 'flags')).includes('saddr') && !isMissing;
}

function tableOf({ family, table }: Pick<NftChain, 'family' | 'table'>): string {
  return `${family} ${table}`;
}

/** iptables-nft names its chains as iptables does. */
function isOfIptables(chain: NftChain): boolean {
  const isBase = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/.test(chain.chain);
  return isBase && /^(ip6?|arp|bridge) (filter|nat|mangle|raw|security)$/.test(tableOf(chain));
}

function entryOf(chain: NftChain): [string, PacketPath][] {
  const path = hookPaths[chain.hook];
  return path === undefined ? [] : [[nameOfChain(chain), path]];
}
