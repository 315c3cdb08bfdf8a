import type { FirewallChain } from '../../identity/firewall-chain.ts';
import { commandInNamespace, quoteShell } from './shell.ts';

/** A rule that accepts packets at the head of a chain, before the rule or policy that drops them. */
export interface AcceptRule extends FirewallChain {
  /** What selects the packets, in the words of the tool. */
  readonly match: string;
  readonly netns?: string | undefined;
}

export function insertAccept(rule: AcceptRule): string {
  const { tool, chain, netns } = rule;
  return tool === 'nft'
    ? commandInNamespace(netns, `nft ${quoteShell(insertLine(rule))}`)
    : commandInNamespace(netns, `${tool} ${inChain(chain, '-I')} 1 ${rule.match} -j ACCEPT`);
}

/** As nft reads it from a file. The comment distinguishes the rule from others that are inserted the same way. */
export function insertLine(rule: AcceptRule): string {
  return `insert rule ${rule.chain} ${rule.match} counter accept comment "${commentOf(rule)}"`;
}

function commentOf({ match }: AcceptRule): string {
  return `lvs-exporter: ${match}`;
}

export function deleteAccept(rule: AcceptRule): string {
  const { tool, chain, match, netns } = rule;
  if (tool !== 'nft') return commandInNamespace(netns, `${tool} ${inChain(chain, '-D')} ${match} -j ACCEPT`);
  const list = commandInNamespace(netns, `nft -a list chain ${chain}`);
  const handle = `${list} | grep -F '"${commentOf(rule)}"' | sed 's/.*# handle //' | head -n 1`;
  return commandInNamespace(netns, `nft delete rule ${chain} handle "$(${handle})"`);
}

/** The new rule before the old one, then without the old one: there is no moment without any, and no other is touched. */
export function replaceRule(
  {
    tool,
    chain: place,
    position,
    netns,
  }: FirewallChain & { readonly position: string; readonly netns?: string | undefined },
  from: string,
  to: string,
): { readonly commands: readonly [string, string]; readonly undo: readonly [string, string] } {
  const [table = '', chain = ''] = place.split(' ').map(quoteShell);
  const run = (action: string, rule: string) =>
    commandInNamespace(netns, `${tool} -t ${table} ${action} ${quoteWords(rule)}`);
  const insert = (rule: string) => run(`-I ${chain} ${position}`, rule);
  const remove = (rule: string) => run(`-D ${chain}`, rule);
  return { commands: [insert(to), remove(from)], undo: [insert(from), remove(to)] };
}

/** iptables-save quotes a comment in a way that a shell would look into. */
export function quoteWords(rule: string): string {
  const words = rule.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  return words.map((word) => quoteShell(word.replace(/^"(.*)"$/s, '$1').replaceAll(/\\(.)/g, '$1'))).join(' ');
}

export function showChain({ tool, chain }: FirewallChain): string {
  return tool === 'nft' ? `nft -a list chain ${chain}` : `${tool} ${inChain(chain, '-L')} -n -v --line-numbers`;
}

function inChain(place: string, action: '-I' | '-D' | '-L'): string {
  const [table = '', chain = ''] = place.split(' ');
  return `-t ${table} ${action} ${chain}`;
}
