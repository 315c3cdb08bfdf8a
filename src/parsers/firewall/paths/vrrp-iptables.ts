import { familiesOfChain } from '../../../identity/firewall-chain.ts';
import type { IptablesTable } from '../iptables-tables.ts';
import { readBaseChain } from './iptables-path.ts';
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
  const compare = (option: string, value: string) => compareOption(option, value, cast);
  return hooks.flatMap(([name, first]) =>
    tables
      .filter((table) => table.name === name)
      .flatMap((table) =>
        readBaseChain(table, first, ({ matches }, target) => combine(compareOptions(matches, compare), target)),
      )
      .map((chain) => ({ ...chain, families: familiesOfChain({ tool: chain.tool, chain: chain.name }) })),
  );
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
