import type { FirewallTexts } from './host.ts';
import { showCommand } from './run-command.ts';

/** Commands that only show. Without the name of a table they load no module and make no table. */
const commands = {
  iptables: ['iptables-save', '-c'],
  iptablesLegacy: ['iptables-legacy-save', '-c'],
  ip6tables: ['ip6tables-save', '-c'],
  ip6tablesLegacy: ['ip6tables-legacy-save', '-c'],
  nft: ['nft', '-j', 'list', 'ruleset'],
} as const;

/** The rules of the firewall of this network namespace. Rejects with a command's error output if it fails. */
export async function readFirewall(): Promise<FirewallTexts> {
  const { iptables, iptablesLegacy, ip6tables, ip6tablesLegacy, nft } = await showAll();
  return {
    iptables: merge(iptables, iptablesLegacy),
    ip6tables: merge(ip6tables, ip6tablesLegacy),
    nft: nft ?? '',
  };
}

async function showAll(): Promise<Partial<Record<keyof typeof commands, string>>> {
  const names = Object.keys(commands) as (keyof typeof commands)[];
  const texts = names.map(async (name) => [name, await showCommand(commands[name])] as const);
  return Object.fromEntries((await Promise.all(texts)).filter(([, text]) => text !== undefined));
}

/** What `iptables` stands for can itself be the legacy one: then both show the same rules. */
function merge(text = '', legacy = ''): string {
  const rules = (of: string) => of.replaceAll(/^(#.*|:.*|\[\d+:\d+\] )/gm, '');
  return rules(text) === rules(legacy) ? text : text + legacy;
}
