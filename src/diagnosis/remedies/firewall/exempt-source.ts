import type { RuleOwner } from '../../../identity/rule-owners.ts';
import { quoteWords, showChain } from '../../commands/chain.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { ownerOf } from '../../owner.ts';
import type { RefusedSourceRole } from '../../refusal-facts.ts';
import type { RemedyKind } from '../../remedy.ts';
import { ruleOwnerWords } from '../../text/firewall/rule-owners.ts';

/** A return before the rule leaves the decision to the rules after the chain: the address may send what any other may. */
export const exemptSource: RemedyKind = {
  docs: 'refused-sources',
  effect: 'cure',
  preconditions: [],
  plan: (readings, { id, details }) => {
    if (id !== 'source-refused') return undefined;
    const { tool, chains, matches, owner, source, sourceRole } = details;
    const [place = ''] = chains;
    const [table = '', chain = ''] = place.split(' ');
    const replies = sourceRole === 'shared network' ? ' -m conntrack --ctstate RELATED,ESTABLISHED' : '';
    const rule = `${chain} ${matches}${replies} -j RETURN`;
    const run = (options: string) => commandInNamespace(readings.netns, `${tool} -t ${table} ${quoteWords(options)}`);
    return {
      owner: ownerOf(readings),
      title: titleOf(sourceRole, source, chain),
      commands: [run(`-I ${rule.replace(' ', ' 1 ')}`)],
      tradeOff:
        sourceRole === 'shared network'
          ? 'Connections that such an address opens to this host are refused as before.'
          : `${ruleOwnerWords[owner].name} no longer keeps this address from trying passwords: if it is a proxy, let it hand on the address of its clients instead.`,
      undo: [run(`-D ${rule}`)],
      persistent: { none: lasting[owner] ?? ruleOwnerWords[owner].changeIn },
      verify: [commandInNamespace(readings.netns, showChain({ tool, chain: place }))],
    };
  },
};

function titleOf(role: RefusedSourceRole, source: string, chain: string): string {
  if (role === 'shared network') return `Let replies from ${source} pass the chain ${chain}`;
  if (role === 'private address') return `If ${source} is a proxy or gateway: let it pass the chain ${chain}`;
  return `Let ${source} pass the chain ${chain}`;
}

/** Each of these writes its chain again. */
const lasting: Partial<Record<RuleOwner, string>> = {
  fail2ban: 'Add the address to ignoreip in /etc/fail2ban/jail.local, then run fail2ban-client reload.',
  csf: 'Add the address to /etc/csf/csf.ignore and take it out of /etc/csf/csf.deny, then run csf -ra.',
  tailscale:
    'Tailscale writes this chain again when it starts: run the command then, or tailscale set --netfilter-mode=nodivert, which leaves it to you what calls its chains.',
};
