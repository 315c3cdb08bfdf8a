import { familiesOfChain } from '../../../identity/firewall-chain.ts';
import { type IptablesRule, type IptablesTable, passingTargets } from '../iptables-tables.ts';
import type { PathRule } from './forward-path.ts';
import { finalTargets, readBaseChain } from './iptables-path.ts';
import {
  type Cast,
  type Comparison,
  combine,
  compareAddress,
  compareCast,
  compareStates,
  negate,
  type VrrpChain,
  vrrpProtocols,
} from './vrrp-packet.ts';

/** Where advertisements that come in or go out meet rules, by table. */
const hooks = [
  ['raw', 'PREROUTING'],
  ['mangle', 'PREROUTING'],
  ['mangle', 'INPUT'],
  ['filter', 'INPUT'],
  ['filter', 'OUTPUT'],
] as const;

/** The chains that advertisements of VRRP pass. */
export function parseIptablesVrrp(tables: readonly IptablesTable[], cast: Cast): VrrpChain[] {
  return hooks.flatMap(([name, first]) =>
    tables
      .filter((table) => table.name === name)
      .flatMap((table) => readBaseChain(table, first, (rule) => readRule(rule, cast)))
      .map((chain) => ({ ...chain, families: familiesOfChain({ tool: chain.tool, chain: chain.name }) })),
  );
}

function readRule({ target, matches }: IptablesRule, cast: Cast): PathRule | undefined {
  if (target === '' || passingTargets.has(target)) return undefined;
  const compare = (option: string, value: string) => compareOption(option, value, cast);
  return combine(compareOptions(matches, compare), finalTargets[target] ?? { jump: target });
}

/** `-m NAME` only loads what its options compare. */
export function compareOptions(matches: string, compare: (option: string, value: string) => Comparison): Comparison[] {
  const options = ` ${matches}`.replaceAll(/ -m (?!limit|hashlimit|recent|set|rpfilter|socket|string|u32|bpf)\S+/g, '');
  return [...options.matchAll(/( !)? (--?[\w-]+)((?: (?!--?[a-z]|! )\S+)*)/g)].map(
    ([, not, option = '', value = '']) => {
      const comparison = compare(option, value.trim());
      return not === undefined ? comparison : negate(comparison);
    },
  );
}

function compareOption(option: string, value: string, cast: Cast): Comparison {
  const values = value.toLowerCase().split(',');
  switch (option) {
    case '-p':
      if (value === 'all') return 'always';
      return vrrpProtocols.includes(value) ? 'named' : 'never';
    case '-d':
      return compareAddress(value, cast);
    case '-s':
      return 'source';
    case '-i':
    case '-o':
      return value === 'lo' ? 'never' : 'interface';
    case '--ctstate':
    case '--state':
      return compareStates(values, cast);
    case '--pkt-type':
    case '--dst-type':
      return compareCast(values, cast);
    default:
      return 'maybe';
  }
}
