import { firewallRefusalInfo } from '../../collectors/firewall/metrics.ts';
import { prerequisitesSettingOwnerRunning } from '../../collectors/prerequisites/metrics.ts';
import { groupBy } from '../../identity/group-by.ts';
import { ownerOfRule, type RuleOwner } from '../../identity/rule-owners.ts';
import type { Readings } from '../../readings/readings.ts';
import { type FileLines, mapSome, type Plan, type Some } from '../remedy.ts';
import { ruleOwnerWords } from '../text/firewall/rule-owners.ts';
import { quoteShell } from './shell.ts';
import { whereNamespacesAreSet } from './sysctl.ts';

/** Lines of nft, or rules of one table, `-I PREROUTING 1 ...`, as iptables-restore reads them. */
export type KeptRules =
  | {
      readonly tool: 'nft';
      /** A chain that the lines add to and do not create, `inet filter input`. */
      readonly chain?: string;
      readonly lines: Some<string>;
    }
  | { readonly tool: string; readonly table: string; readonly lines: Some<string> };

type NftRules = Extract<KeptRules, { tool: 'nft' }>;
type IptablesRules = Extract<KeptRules, { table: string }>;

/** @param readings of the machine that the rules are for; undefined for another one */
export function keepRules(readings: Readings | undefined, [first, ...rest]: Some<KeptRules>): Plan['persistent'] {
  const foreign = [first, ...rest].map(ownerOfChain).find((owner) => owner !== undefined);
  if (foreign !== undefined) return ofThisNamespace(readings, { none: leftToOwner(foreign) });
  const keeper = keeperOf(readings);
  const keep = (rules: KeptRules) => ('table' in rules ? keepers[keeper](rules) : inNftables(rules, keeper));
  return ofThisNamespace(readings, mergeFiles([keep(first), ...rest.map(keep)]));
}

/** A rule of iptables that its file has already, in another form. @param where that is, in words */
export function keepChanged(
  readings: Readings,
  { where, ...rules }: IptablesRules & { readonly where: string },
): Plan['persistent'] {
  const { file, lines } = keepers[keeperOf(readings)](rules);
  return ofThisNamespace(readings, [{ file, where, lines }]);
}

/** No file of the machine has the rules of another namespace. */
export function ofThisNamespace(readings: Readings | undefined, kept: Plan['persistent']): Plan['persistent'] {
  return readings?.netns === undefined ? kept : { none: whereNamespacesAreSet(readings.netns) };
}

function ownerOfChain(rules: KeptRules): RuleOwner | undefined {
  return 'chain' in rules && rules.chain !== undefined ? ownerOfRule(rules.chain, '') : undefined;
}

/** nft loads nothing at all of a file that adds to a chain which is not there yet: the machine would start without rules. */
function leftToOwner(owner: RuleOwner): string {
  const { name, changeIn } = ruleOwnerWords[owner];
  return `${name} creates this chain, after nft has loaded its file: no file of nft can add to it. ${changeIn}`;
}

/** Those that set all rules of the machine when they start, and run a script of the operator then. */
const managers = ['shorewall', 'csf', 'nixos', 'vyos'] as const satisfies readonly RuleOwner[];

/** Which of them this machine has. */
export function managerOf(readings: Readings | undefined): (typeof managers)[number] | undefined {
  const refusing = readings?.all(firewallRefusalInfo) ?? [];
  const owners = new Set(refusing.flatMap(({ labels }) => labels.owners?.split(',') ?? []));
  return managers.find((one) => owners.has(one));
}

type Keeper = 'firewalld' | 'ufw' | (typeof managers)[number] | 'package';

function keeperOf(readings: Readings | undefined): Keeper {
  const runs = (owner: string) => readings?.is(prerequisitesSettingOwnerRunning, { owner }) === true;
  return (['firewalld', 'ufw'] as const).find(runs) ?? managerOf(readings) ?? 'package';
}

const keepers: Readonly<Record<Keeper, (rules: IptablesRules) => FileLines>> = {
  /** It replaces the rules of iptables whenever it is reloaded, and keeps those of others in a file of its own. */
  firewalld: ({ tool, table, lines }) => ({
    file: filesOf.firewalld(),
    where: 'below <direct>',
    lines: mapSome(lines, (line) => {
      const [, chain = '', rule = ''] = /^-[IA] (\S+) (?:1 )?(.*)$/.exec(line) ?? [];
      return `<rule ipv="ip${versionOf(tool)}" table="${table}" chain="${chain}" priority="0">${rule}</rule>`;
    }),
  }),
  ufw: (rules) => inSection(filesOf.ufw(rules.tool), rules),
  shorewall: (rules) => inScript(filesOf.shorewall(rules.tool), rules),
  csf: (rules) => inScript(filesOf.csf(), rules),
  nixos: (rules) => ({ ...inScript(filesOf.nixos(), rules), where: 'in networking.firewall.extraCommands' }),
  vyos: (rules) => inScript(filesOf.vyos(), rules),
  package: (rules) => inSection(filesOf.package(rules.tool), rules),
};

const filesOf = {
  firewalld: () => '/etc/firewalld/direct.xml',
  /** ufw loads no other file, and iptables-persistent cannot be installed beside it. */
  ufw: (tool) => `/etc/ufw/before${versionOf(tool) === 'v6' ? '6' : ''}.rules`,
  /** Scripts that they run after they have set their rules. */
  shorewall: (tool) => `/etc/shorewall${versionOf(tool) === 'v6' ? '6' : ''}/started`,
  csf: () => '/etc/csf/csfpost.sh',
  nixos: () => '/etc/nixos/configuration.nix',
  vyos: () => '/config/scripts/vyos-postconfig-bootup.script',
  /** What iptables-save writes there, iptables-persistent loads when the machine starts. */
  package: (tool) => `/etc/iptables/rules.${versionOf(tool)}`,
} as const satisfies Readonly<Record<Keeper, (tool: string) => string>>;

/** The file from which rules of iptables or ip6tables are loaded when this machine starts. */
export function ruleFile(readings: Readings, tool: string): string {
  return filesOf[keeperOf(readings)](tool);
}

/** It may run again while the rules are there. */
function inScript(file: string, { tool, table, lines }: IptablesRules): FileLines {
  return {
    file,
    where: 'a script that runs when the rules of the firewall are set',
    lines: mapSome(lines, (line) => {
      const check = line.replace(/^-I (\S+) 1 /, '-C $1 ');
      return `${tool} -t ${table} ${check} 2>/dev/null || ${tool} -t ${table} ${line}`;
    }),
  };
}

/** @param chain if set, what comes before must have created it */
function inNftables({ chain, lines }: NftRules, keeper: Keeper): FileLines {
  if (keeper === 'nixos') return { file: filesOf.nixos(), where: 'in networking.nftables.ruleset', lines };
  if (keeper === 'vyos') return { file: filesOf.vyos(), lines: mapSome(lines, (line) => `nft ${quoteShell(line)}`) };
  const where = chain === undefined ? 'at its end' : 'at its end, if it creates the chain';
  return { file: '/etc/nftables.conf', where, lines };
}

/** iptables-restore empties a table at each section of it: a section of our own would take back the rules before it. */
function inSection(file: string, { table, lines }: IptablesRules): FileLines {
  return {
    file,
    where: `before the COMMIT of its section *${table} (if it has none, add *${table}, these lines and COMMIT)`,
    lines,
  };
}

function versionOf(tool: string): 'v4' | 'v6' {
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
