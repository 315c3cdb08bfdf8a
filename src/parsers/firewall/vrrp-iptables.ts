import type { PathRule } from './forward-path.ts';
import { finalTargets, passingTargets } from './iptables-path.ts';
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

/** The chains that advertisements of VRRP pass, as `iptables-save -c` prints them. */
export function parseIptablesVrrp(text: string, family: 'ipv4' | 'ipv6', cast: Cast): VrrpChain[] {
  return hooks.flatMap(([table, first]): VrrpChain[] => {
    const rules = new RegExp(`^\\*${table}\\n(.*?)^COMMIT$`, 'ms').exec(text)?.[1];
    const policy = rules && new RegExp(`^:${first} (ACCEPT|DROP)`, 'm').exec(rules)?.[1];
    if (!rules || !policy) return [];
    const name = `${table} ${first}`;
    return [
      {
        name,
        first,
        policy: policy === 'DROP' ? 'drop' : 'accept',
        chains: readChains(rules, cast),
        families: [family],
      },
    ];
  });
}

function readChains(rules: string, cast: Cast): ReadonlyMap<string, readonly PathRule[]> {
  const chains = new Map<string, PathRule[]>();
  for (const [, chain = '', rule = ''] of rules.matchAll(/^(?:\[\d+:\d+\] )?-A (\S+)(.*)$/gm)) {
    const read = readRule(rule, cast);
    if (read) chains.set(chain, [...(chains.get(chain) ?? []), read]);
  }
  return chains;
}

function readRule(rule: string, cast: Cast): PathRule | undefined {
  const [, target] = / (?:-j|-g) (\S+)/.exec(rule) ?? [];
  if (target === undefined || passingTargets.has(target)) return undefined;
  return combine(compare(rule.slice(0, rule.search(/ (-j|-g) /)), cast), finalTargets[target] ?? { jump: target });
}

/** `-m NAME` only loads what its options compare. */
function compare(matches: string, cast: Cast): Comparison[] {
  const options = matches
    .replaceAll(/ --comment ("(?:[^"\\]|\\.)*"|\S+)/g, '')
    .replaceAll(/ -m (?!limit|hashlimit|recent|set|rpfilter|socket|string|u32|bpf)\S+/g, '');
  return [...options.matchAll(/( !)? (--?[\w-]+)((?: (?!--?[a-z]|! )\S+)*)/g)].map(
    ([, not, option = '', value = '']) => {
      const comparison = compareOption(option, value.trim(), cast);
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
