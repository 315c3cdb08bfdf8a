import type { FirewallTexts, Host } from './host.ts';
import { showCommand } from './run-command.ts';

/** Commands that only show. Without the name of a table they load no module and make no table. */
const commands = {
  iptables: ['iptables-save', '-c'],
  iptablesLegacy: ['iptables-legacy-save', '-c'],
  ip6tables: ['ip6tables-save', '-c'],
  ip6tablesLegacy: ['ip6tables-legacy-save', '-c'],
  nft: ['nft', '-j', 'list', 'ruleset'],
} as const;

/** The same machine, with the rules of its firewall and of that of each network namespace. */
export function withFirewall(host: Host): Host {
  return {
    ...host,
    firewall: () => readFirewall(),
    enter: (namespace) => ({ ...host.enter(namespace), firewall: () => readFirewall(namespace) }),
  };
}

/**
 * The rules of the firewall of a network namespace, by default of this one. Rejects with a command's error output if it fails.
 *
 * @param namespace a name below /run/netns, or the file of a process that is in it.
 */
export async function readFirewall(namespace?: string): Promise<FirewallTexts> {
  const { iptables, iptablesLegacy, ip6tables, ip6tablesLegacy, nft } = await showAll(namespace);
  return {
    iptables: merge(iptables, iptablesLegacy),
    ip6tables: merge(ip6tables, ip6tablesLegacy),
    nft: nft ?? '',
  };
}

async function showAll(namespace: string | undefined): Promise<Partial<Record<keyof typeof commands, string>>> {
  const names = Object.keys(commands) as (keyof typeof commands)[];
  const inside = namespace === undefined ? [] : ['nsenter', `--net=${pathOf(namespace)}`];
  const texts = names.map(async (name) => {
    const [program, ...options] = [...inside, ...commands[name]];
    return [name, await showCommand([program ?? '', ...options])] as const;
  });
  return Object.fromEntries((await Promise.all(texts)).filter(([, text]) => text !== undefined));
}

function pathOf(namespace: string): string {
  return namespace.includes('/') ? namespace : `/run/netns/${namespace}`;
}

/** What `iptables` stands for can itself be the legacy one: then both show the same rules. */
function merge(text = '', legacy = ''): string {
  const rules = (of: string) => of.replaceAll(/^(#.*|:.*|\[\d+:\d+\] )/gm, '');
  return rules(text) === rules(legacy) ? text : text + legacy;
}
