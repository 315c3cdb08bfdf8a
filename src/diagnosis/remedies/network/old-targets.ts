import { deleteAll } from '../../commands/conntrack.ts';
import { commandInNamespace, quoteShell } from '../../commands/shell.ts';
import { isIPv6, nameTarget, targetOf } from '../../commands/target.ts';
import { ownerOf } from '../../owner.ts';
import { mapSome, type RemedyKind } from '../../remedy.ts';

/** NAT decides with the first packet of a flow: who goes on sending keeps the old target until the entry is gone. */
export const removeOldTargets: RemedyKind = {
  docs: 'targets-of-nat-that-are-gone',
  effect: 'cure',
  preconditions: ['conntrack-installed'],
  plan: (readings, found) => {
    const target = targetOf(found);
    if (found.id !== 'nat-target-gone' || target === undefined) return undefined;
    const [first, ...rest] = found.details.targets;
    if (first === undefined) return undefined;
    const family = isIPv6(target) ? '-f ipv6 ' : '';
    const select = `${family}-p udp -d ${quoteShell(target.address)} --dport ${target.port}`;
    const targets = [first, ...rest] as const;
    const filters = mapSome(targets, (gone) => `${select} -r ${quoteShell(gone)}`);
    return {
      owner: ownerOf(readings),
      title: `Remove the entries of ${nameTarget(target)} that translate to ${targets.join(', ')}, so that their flows go where the rules say now`,
      commands: mapSome(filters, (filter) => deleteAll(target.netns, filter)),
      tradeOff:
        'The next datagram of each flow makes a new entry. The new target has nothing of what the old one was sent.',
      undo: { none: 'Nothing to undo: no rule sends packets to the old address.' },
      persistent: {
        none: 'Run it again after each change of the target, for example in the script that replaces the container or changes the rule.',
      },
      verify: mapSome(filters, (filter) => commandInNamespace(target.netns, `conntrack -L ${filter}`)),
    };
  },
};
