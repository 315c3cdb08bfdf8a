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
    .flatMap((table) => readBaseChain(table, 'FORWARD', ({ matches }, target) => readRule(matches, target, packet)));
}

/**
 * A base chain, with what its table leads to. None where the table does not have it.
 *
 * @param read leaves out a rule that does not apply. It is not asked for one that decides nothing.
 */
export function readBaseChain(
  { tool, name, chains: own, policies, rules }: IptablesTable,
  first: string,
  read: (rule: IptablesRule, target: PathTarget) => PathRule | undefined,
): ForwardChain[] {
  const policy = policies.find(({ chain }) => chain === first)?.policy;
  if (policy === undefined) return [];
  const known = new Set(own);
  const readOne = (rule: IptablesRule) => {
    const target = targetOf(rule, known);
    return (target && read(rule, target)) ?? [];
  };
  const byChain = groupBy(rules, ({ chain }) => chain);
  const chains = new Map([...byChain].map(([chain, all]) => [chain, all.flatMap(readOne)]));
  return [{ tool, name: `${name} ${first}`, first, policy: policy === 'DROP' ? 'drop' : 'accept', chains }];
}

/** Undefined for a rule that decides nothing. A target that is no chain, such as SYNPROXY or NFQUEUE, may let the packet through. */
function targetOf({ target }: IptablesRule, chains: ReadonlySet<string>): PathTarget | undefined {
  if (target === '' || passingTargets.has(target)) return undefined;
  return finalTargets[target] ?? (chains.has(target) ? { jump: target } : 'accept');
}

const finalTargets: Readonly<Record<string, PathTarget>> = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'drop',
  RETURN: 'return',
};

/** Undefined for a rule that no such packet meets. */
function readRule(matches: string, target: PathTarget, packet: PacketState): PathRule | undefined {
  const [state = '', not = '', states = ''] = /(! )?--(?:ct)?state (\S+)/.exec(matches) ?? [];
  const isMet = state === '' || states.split(',').includes(packet.toUpperCase()) !== (not !== '');
  if (!isMet) return undefined;
  const others = matches.replace(state, '').replaceAll(/-m (conntrack|state)\b/g, '');
  return { matches: others.trim() === '' ? 'always' : 'maybe', target };
}
