import type { PathRule } from './forward-path.ts';
import { finalTargets, passingTargets } from './iptables-path.ts';
import {
  type Comparison,
  combine,
  compareAddress,
  negate,
  type VrrpChain,
  vrrpFlowStates,
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
export function parseIptablesVrrp(text: string, family: 'ipv4' | 'ipv6'): VrrpChain[] {
  return hooks.flatMap(([table, first]): VrrpChain[] => {
    const rules = new RegExp(`^\\*${table}\\n(.*?)^COMMIT$`, 'ms').exec(text)?.[1];
    const policy = rules && new RegExp(`^:${first} (ACCEPT|DROP)`, 'm').exec(rules)?.[1];
    if (!rules || !policy) return [];
    const name = `${table} ${first}`;
    return [
      { name, first, policy: policy === 'DROP' ? 'drop' : 'accept', chains: readChains(rules), families: [family] },
    ];
  });
}

function readChains(rules: string): ReadonlyMap<string, readonly PathRule[]> {
  const chains = new Map<string, PathRule[]>();
  for (const [, chain = '', rule = ''] of rules.matchAll(/^(?:\[\d+:\d+\] )?-A (\S+)(.*)$/gm)) {
    const read = readRule(rule);
    if (read) chains.set(chain, [...(chains.get(chain) ?? []), read]);
  }
  return chains;
}

function readRule(rule: string): PathRule | undefined {
  const [, target] = / (?:-j|-g) (\S+)/.exec(rule) ?? [];
  if (target === undefined || passingTargets.has(target)) return undefined;
  return combine(compare(rule.slice(0, rule.search(/ (-j|-g) /))), finalTargets[target] ?? { jump: target });
}

/** `-m NAME` only loads what its options compare. */
function compare(matches: string): Comparison[] {
  const options = matches
    .replaceAll(/ --comment ("(?:[^"\\]|\\.)*"|\S+)/g, '')
    .replaceAll(/ -m (?!limit|hashlimit|recent|set|rpfilter|socket|string|u32|bpf)\S+/g, '');
  return [...options.matchAll(/( !)? (--?[\w-]+)((?: (?!--?[a-z]|! )\S+)*)/g)].map(
    ([, not, option = '', value = '']) => {
      const comparison = compareOption(option, value.trim());
      return not === undefined ? comparison : negate(comparison);
    },
  );
}

function compareOption(option: string, value: string): Comparison {
  const values = value.toLowerCase().split(',');
  switch (option) {
    case '-p':
      if (value === 'all') return 'always';
      return vrrpProtocols.includes(value) ? 'named' : 'never';
    case '-d':
      return compareAddress(value);
    case '-s':
      return 'source';
    case '-i':
    case '-o':
      return value === 'lo' ? 'never' : 'interface';
    case '--ctstate':
    case '--state':
      return values.some((state) => vrrpFlowStates.includes(state)) ? 'always' : 'never';
    case '--pkt-type':
    case '--dst-type':
      return value.toLowerCase() === 'multicast' ? 'always' : 'never';
    default:
      return 'maybe';
  }
}
