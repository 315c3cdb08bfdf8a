import { groupBy } from '../../../identity/group-by.ts';
import { ownerOfRule } from '../../../identity/rule-owners.ts';
import { at, type Json, listOf, readJson } from '../nft-json.ts';
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
 * Rules and policies of nftables itself in `nft -j list ruleset` that refuse packets which some user may miss. A policy of
 * nftables has no counter. What iptables made is left out: `iptables-save` shows it.
 */
export function parseNftRefusals(text: string): Refusal[] {
  const entries = listOf(at(readJson(text), 'nftables'));
  const chains = present(entries.map((entry) => at(entry, 'chain')));
  const ofIptables = new Set(chains.filter(isOfIptables).map(tableOf));
  const own = (one: Json) => !ofIptables.has(tableOf(one));
  const rules = present(entries.map((entry) => at(entry, 'rule'))).filter(own);
  const base = chains.filter(own).filter((chain) => typeof at(chain, 'hook') === 'string');
  const paths = pathsOfChains({
    entries: new Map(base.flatMap((chain) => entryOf(chain))),
    targets: new Map([...groupBy(rules, (rule) => nameOf(rule, 'chain'))].map(([name, all]) => [name, targetsOf(all)])),
  });
  const common = (chain: string) => ({ tool: 'nft', chain, rule: '', paths: [...(paths.get(chain) ?? [])] }) as const;
  return [
    ...base
      .filter((chain) => at(chain, 'policy') === 'drop')
      .map((chain) => nameOf(chain, 'name'))
      .map((name) => ({
        ...common(name),
        position: 'policy',
        owners: listOwner(ownerOfRule(name, '')),
        packets: undefined,
      })),
    ...rules.flatMap((rule) => {
      const expressions = listOf(at(rule, 'expr'));
      const handle = at(rule, 'handle');
      if (!refuses(expressions) || isMeantByNft(expressions) || typeof handle !== 'number') return [];
      const packets = expressions.map((one) => at(one, 'counter', 'packets')).find((one) => typeof one === 'number');
      return [
        {
          ...common(nameOf(rule, 'chain')),
          position: String(handle),
          owners: listOwner(ownerOfRule(nameOf(rule, 'chain'), JSON.stringify(rule))),
          packets: typeof packets === 'number' ? packets : undefined,
        },
      ];
    }),
  ];
}

function present(values: readonly Json[]): Json[] {
  return values.filter((value) => value !== undefined);
}

function tableOf(entry: Json): string {
  return `${at(entry, 'family')} ${at(entry, 'table')}`;
}

function nameOf(entry: Json, key: 'chain' | 'name'): string {
  return `${tableOf(entry)} ${at(entry, key)}`;
}

/** iptables-nft names its chains as iptables does. */
function isOfIptables(chain: Json): boolean {
  const isBase = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/.test(String(at(chain, 'name')));
  return isBase && /^(ip6?|arp|bridge) (filter|nat|mangle|raw|security)$/.test(tableOf(chain));
}

function entryOf(chain: Json): [string, PacketPath][] {
  const path = hookPaths[String(at(chain, 'hook'))];
  return path === undefined ? [] : [[nameOf(chain, 'name'), path]];
}

function refuses(expressions: readonly Json[]): boolean {
  return expressions.some((one) => at(one, 'drop') !== undefined || at(one, 'reject') !== undefined);
}

/** The chains that rules lead to, also by a verdict map. */
function targetsOf(rules: readonly Json[]): string[] {
  return rules.flatMap((rule) => {
    const verdicts = listOf(at(rule, 'expr')).flatMap((one) => [
      one,
      ...listOf(at(one, 'vmap', 'data', 'set')).map((pair) => listOf(pair)[1]),
    ]);
    const names = verdicts.map((one) => at(one, 'jump', 'target') ?? at(one, 'goto', 'target'));
    return present(names).map((name) => `${tableOf(rule)} ${name}`);
  });
}
