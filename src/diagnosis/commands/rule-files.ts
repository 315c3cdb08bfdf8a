import { prerequisitesSettingOwnerRunning } from '../../collectors/prerequisites/metrics.ts';
import { groupBy } from '../../identity/group-by.ts';
import type { Readings } from '../../readings/readings.ts';
import { type FileLines, mapSome, type Plan, type Some } from '../remedy.ts';
import { whereNamespacesAreSet } from './sysctl.ts';

/** Lines of nft, or rules of one table, `-I PREROUTING 1 ...`, as iptables-restore reads them. */
export type KeptRules =
  | { readonly tool: 'nft'; readonly lines: Some<string> }
  | { readonly tool: string; readonly table: string; readonly lines: Some<string> };

/** @param readings of the machine that the rules are for; undefined for another one */
export function keepRules(readings: Readings | undefined, [first, ...rest]: Some<KeptRules>): Plan['persistent'] {
  if (readings?.netns !== undefined) return { none: whereNamespacesAreSet(readings.netns) };
  const runs = (owner: string) => readings?.is(prerequisitesSettingOwnerRunning, { owner }) === true;
  const keep = runs('firewalld') ? keepByFirewalld : runs('ufw') ? keepByUfw : keepByPackage;
  return mergeFiles([keep(first), ...rest.map(keep)]);
}

function keepByPackage(rules: KeptRules): FileLines {
  return 'table' in rules ? inSection(ruleFile(rules.tool), rules) : inNftables(rules);
}

/** ufw loads no other file, and iptables-persistent cannot be installed beside it. */
function keepByUfw(rules: KeptRules): FileLines {
  return 'table' in rules
    ? inSection(`/etc/ufw/before${versionOf(rules) === 'v6' ? '6' : ''}.rules`, rules)
    : inNftables(rules);
}

/** firewalld replaces the rules of iptables whenever it is reloaded, and keeps those of others in a file of its own. */
function keepByFirewalld(rules: KeptRules): FileLines {
  if (!('table' in rules)) return inNftables(rules);
  const { table, lines } = rules;
  const ipv = `ip${versionOf(rules)}`;
  const [first, ...rest] = lines.map((line) => {
    const [, chain = '', rule = ''] = /^-I (\S+) 1 (.*)$/.exec(line) ?? [];
    return `<rule ipv="${ipv}" table="${table}" chain="${chain}" priority="0">${rule}</rule>`;
  });
  return { file: '/etc/firewalld/direct.xml', where: 'below <direct>', lines: [first ?? '', ...rest] };
}

function inNftables({ lines }: KeptRules): FileLines {
  return { file: '/etc/nftables.conf', where: 'at its end', lines };
}

/** iptables-restore empties a table at each section of it: a section of our own would take back the rules before it. */
function inSection(file: string, { table, lines }: Extract<KeptRules, { table: string }>): FileLines {
  return {
    file,
    where: `before the COMMIT of its section *${table} (if it has none, add *${table}, these lines and COMMIT)`,
    lines,
  };
}

/** What iptables-save writes there, iptables-persistent loads when the machine starts. */
export function ruleFile(tool: string): string {
  return `/etc/iptables/rules.${versionOf({ tool })}`;
}

function versionOf({ tool }: Pick<KeptRules, 'tool'>): 'v4' | 'v6' {
  return tool.startsWith('ip6') ? 'v6' : 'v4';
}

/** Rules of one place are shown once. */
function mergeFiles([first, ...rest]: Some<FileLines>): Some<FileLines> {
  const groups = groupBy([first, ...rest], placeOf);
  const others = rest.filter((one) => groups.get(placeOf(one))?.[0] === one);
  return mapSome([first, ...others], (one) => {
    const [, ...more] = groups.get(placeOf(one)) ?? [];
    return { ...one, lines: [...one.lines, ...more.flatMap(({ lines }) => lines)] };
  });
}

function placeOf({ file, where }: FileLines): string {
  return `${file} ${where}`;
}
