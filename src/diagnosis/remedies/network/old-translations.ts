import { prerequisitesToolInstalled } from '../../../collectors/prerequisites/metrics.ts';
import { deleteAll } from '../../commands/conntrack.ts';
import { commandInNamespace, quoteShell } from '../../commands/shell.ts';
import type { AnyFound } from '../../finding.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind } from '../../remedy.ts';

/**
 * The entries of one outgoing address, and no flow that has this address itself. Not `--src-nat ADDRESS`: conntrack 1.4.7
 * compares no address of IPv6 there, and it stands for every translated source.
 */
function selectEntries({ subject: { address = '' } }: AnyFound): string {
  return `${address.includes(':') ? '-f ipv6 ' : ''}--src-nat -q ${quoteShell(address)}`;
}

/** NAT decides with the first packet of a connection: what goes on keeps its old address until its entry is gone. */
export const removeOldTranslations: RemedyKind = {
  docs: 'addresses-of-nat-that-are-gone',
  effect: 'cure',
  preconditions: ['conntrack-installed'],
  plan: (readings, found) => {
    if (found.id !== 'nat-address-gone' || found.details.chains.length > 0) return undefined;
    const filter = selectEntries(found);
    return {
      owner: ownerOf(readings),
      title: `Remove the entries that translate to ${found.subject.address}, so that their flows get the present address`,
      commands: [deleteAll(readings.netns, filter)],
      tradeOff:
        'Flows of UDP go on from the present address with their next packet. Connections of TCP over the old address end; without it they hang anyway.',
      undo: { none: 'Nothing to undo: replies to these entries cannot arrive.' },
      persistent: {
        none: 'Run it again after each change of the address, for example in a script of the program that changes it (ifup, dhclient, pppd ip-up, keepalived notify).',
      },
      verify: [commandInNamespace(readings.netns, `conntrack -L ${filter}`)],
    };
  },
};

export const lookAtTranslations: RemedyKind = {
  docs: 'addresses-of-nat-that-are-gone',
  effect: 'look',
  preconditions: [],
  plan: (readings, { id, subject: { address = '' } }) => {
    if (id !== 'nat-address-gone') return undefined;
    const run = (command: string) => commandInNamespace(readings.netns, command);
    const tools = ['iptables', 'ip6tables', 'nft'].filter((tool) => readings.is(prerequisitesToolInstalled, { tool }));
    const lists = tools.map((tool) => (tool === 'nft' ? 'nft list ruleset' : `${tool}-save -t nat`));
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: `Find the rules that translate to ${address}. Add the address to an interface, or change the rules to MASQUERADE or a present address`,
      commands: [
        run(`ip address show to ${quoteShell(address)}`),
        ...(lists.length === 0 ? [] : [run(`sh -c '(${lists.join('; ')}) | grep -F ${quoteShell(address)}'`)]),
      ],
      verify: ['lvs-exporter diagnose'],
    };
  },
};
