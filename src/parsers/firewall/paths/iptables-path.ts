import { groupBy } from '../../../identity/group-by.ts';
import { type IptablesRule, type IptablesTable, passingTargets } from '../iptables-tables.ts';
import type { ForwardChain, PacketState, PathRule, PathTarget } from './forward-path.ts';

/** The FORWARD chain of each filter table. */
export function parseIptablesForward(
  tables: readonly IptablesTable[],
  packet: PacketState = 'invalid',
): ForwardChain[] {
  return tables
    .filter(({ name }) => name === 'filter')
    .flatMap((table) => readBaseChain(table, 'FORWARD', (rule) => readRule(rule, packet, table.chains)));
}

/** A base chain, with what its table leads to. None where the table does not have it. @param read leaves out a rule that does not apply. */
export function readBaseChain(
  { tool, name, policies, rules }: IptablesTable,
  first: string,
  read: (rule: IptablesRule) => PathRule | undefined,
): ForwardChain[] {
  const policy = policies.find(({ chain }) => chain === first)?.policy;
  if (policy === undefined) return [];
  const byChain = groupBy(rules, ({ chain }) => chain);
  const chains = new Map([...byChain].map(([chain, own]) => [chain, own.flatMap((rule) => read(rule) ?? [])]));
  return [{ tool, name: `${name} ${first}`, first, policy: policy === 'DROP' ? 'drop' : 'accept', chains }];
}

export const finalTargets: Readonly<Record<string, PathTarget>> = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'drop',
  RETURN: 'return',
};

/** Undefined for a rule that no such packet meets, or that decides nothing. */
function readRule(
  { target, matches }: IptablesRule,
  packet: PacketState,
  chains: readonly string[],
): PathRule | undefined {
  if (target === '' || passingTargets.has(target)) return undefined;
  const [state = '', not = '', states = ''] = /(! )?--(?:ct)?state (\S+)/.exec(matches) ?? [];
  const isMet = state === '' || states.split(',').includes(packet.toUpperCase()) !== (not !== '');
  if (!isMet) return undefined;
  const others = matches.replace(state, '').replaceAll(/-m (conntrack|state)\b/g, '');
  // A target that is no chain, such as SYNPROXY or NFQUEUE, may let the packet through.
  const leads: PathTarget = chains.includes(target) ? { jump: target } : 'accept';
  return { matches: others.trim() === '' ? 'always' : 'maybe', target: finalTargets[target] ?? leads };
}
