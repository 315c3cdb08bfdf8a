import { commandInNamespace } from './shell.ts';

/** A rule that accepts packets at the head of a chain, before the rule or policy that drops them. */
export interface AcceptRule {
  /** `iptables`, `ip6tables` or `nft`. */
  readonly tool: string;
  /** `filter FORWARD` of iptables, `inet filter forward` of nft. */
  readonly chain: string;
  /** What selects the packets, in the words of the tool. */
  readonly match: string;
  readonly netns?: string | undefined;
}

export function insertAccept({ tool, chain, match, netns }: AcceptRule): string {
  return tool === 'nft'
    ? commandInNamespace(netns, `nft insert rule ${chain} ${match} counter accept comment '"lvs-exporter"'`)
    : commandInNamespace(netns, `${tool} ${inChain(chain, '-I')} 1 ${match} -j ACCEPT`);
}

export function deleteAccept({ tool, chain, match, netns }: AcceptRule): string {
  if (tool !== 'nft') return commandInNamespace(netns, `${tool} ${inChain(chain, '-D')} ${match} -j ACCEPT`);
  const list = commandInNamespace(netns, `nft -a list chain ${chain}`);
  const handle = `${list} | sed -n 's/.*"lvs-exporter".*# handle //p' | head -n 1`;
  return commandInNamespace(netns, `nft delete rule ${chain} handle "$(${handle})"`);
}

function inChain(place: string, action: '-I' | '-D'): string {
  const [table = '', chain = ''] = place.split(' ');
  return `-t ${table} ${action} ${chain}`;
}
