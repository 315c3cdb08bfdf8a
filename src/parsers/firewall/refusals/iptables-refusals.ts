import { groupBy } from '../../../identity/group-by.ts';
import {
  ownerOfRule,
  ownerOfWhole,
  ownersOfChains,
  ownersOfPolicy,
  type RuleOwner,
} from '../../../identity/rule-owners.ts';
import { type IptablesTable, refusingTargets } from '../iptables-tables.ts';
import { isMeantByIptables } from './meant.ts';
import { type Accepted, type PacketPath, pathsOfChains, type Refusal } from './refusal.ts';

const entryPaths: Readonly<Record<string, PacketPath>> = {
  PREROUTING: 'received',
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
};

/** Rules and policies that refuse packets which some user may miss. */
export function parseIptablesRefusals(tables: readonly IptablesTable[]): Refusal[] {
  return [...groupBy(tables, ({ tool }) => tool).values()].flatMap((ofTool) => {
    const present = ownersOfChains(ofTool.flatMap(({ chains }) => chains));
    return ofTool.flatMap((table) => refusalsIn(table, present));
  });
}

function refusalsIn(table: IptablesTable, present: ReadonlySet<RuleOwner>): Refusal[] {
  const paths = pathsOf(table);
  const common = (chain: string) => ({
    tool: table.tool,
    chain: `${table.name} ${chain}`,
    paths: [...(paths.get(chain) ?? [])],
  });
  const policies = table.policies.filter(({ policy }) => policy === 'DROP');
  const rules = table.rules.filter(({ target, matches }) => refusingTargets.has(target) && !isMeantByIptables(matches));
  return [
    ...policies.map(({ chain, packets }) => ({
      ...common(chain),
      position: 'policy',
      rule: '',
      owners: ownersOfPolicy(chain, table.chains),
      packets,
    })),
    ...rules.map(({ chain, position, text: rule, packets }) => ({
      ...common(chain),
      position: String(position),
      rule,
      owners: listOwner(ownerOfRule(chain, rule) ?? ownerOfWhole(rule, present)),
      packets,
    })),
  ];
}

export function listOwner(owner: RuleOwner | undefined): readonly RuleOwner[] {
  return owner === undefined ? [] : [owner];
}

/** What the filter tables let through. A chain that two ways lead to counts for both. */
export function parseIptablesAccepted(tables: readonly IptablesTable[]): Accepted[] {
  const filters = tables.filter(({ name }) => name === 'filter');
  return filters.flatMap((table) => {
    const paths = pathsOf(table);
    const accepted = [
      ...table.policies.filter(({ policy }) => policy === 'ACCEPT'),
      ...table.rules.filter(({ target }) => target === 'ACCEPT'),
    ].flatMap(({ chain, packets = 0 }) => [...(paths.get(chain) ?? [])].map((path) => ({ path, packets })));
    return [...groupBy(accepted, ({ path }) => path)].map(([path, all]) => ({
      tool: table.tool,
      path,
      packets: all.reduce((sum, { packets }) => sum + packets, 0),
    }));
  });
}

function pathsOf({ rules }: IptablesTable): ReturnType<typeof pathsOfChains> {
  const byChain = groupBy(rules, ({ chain }) => chain);
  const targets = new Map([...byChain].map(([chain, own]) => [chain, own.map(({ target }) => target)]));
  return pathsOfChains({ entries: new Map(Object.entries(entryPaths)), targets });
}
