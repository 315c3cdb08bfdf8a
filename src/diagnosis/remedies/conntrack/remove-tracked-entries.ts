import { hasSynproxy, isNotTracked } from '../../../readings/firewall-rules.ts';
import type { Readings } from '../../../readings/readings.ts';
import { deleteAll } from '../../commands/conntrack.ts';
import { commandInNamespace, quoteShell } from '../../commands/shell.ts';
import { isIPv6, nameTarget, protocolOptions, type Target, targetOf } from '../../commands/target.ts';
import { ownerOf } from '../../owner.ts';
import type { RemedyKind } from '../../remedy.ts';

/** What is tracked already stays until it expires. */
export const removeTrackedEntries: RemedyKind = {
  docs: 'do-not-track',
  effect: 'cure',
  preconditions: ['conntrack-installed'],
  plan: (readings, found) => {
    const target = targetOf(found);
    if (target === undefined || !isNotTracked(readings, target) || isInUse(readings, target)) return undefined;
    if (found.id === 'not-tracked' && found.numbers.remainingEntries === 0) return undefined;
    return {
      owner: ownerOf(readings),
      title: `Remove the entries of ${nameTarget(target)} that are older than its NOTRACK rule`,
      commands: [deleteEntries(target)],
      tradeOff: 'If entries come back, the NOTRACK rule does not match all packets: it may be in the wrong chain.',
      undo: { none: 'Nothing to undo: the connections do not need these entries.' },
      persistent: { none: 'Nothing to do: the NOTRACK rule prevents new entries.' },
      verify: [commandInNamespace(target.netns, `conntrack -L -d ${quoteShell(target.address)}`)],
    };
  },
};

/** SYNPROXY exempts SYNs alone, and a rule for any address cannot mean every entry. */
function isInUse(readings: Readings, { address }: Target): boolean {
  return address === '' || hasSynproxy(readings);
}

export function deleteEntries(target: Target): string {
  const family = isIPv6(target) ? '-f ipv6 ' : '';
  return deleteAll(target.netns, `${family}-d ${quoteShell(target.address)}${protocolOptions(target, '--dport')}`);
}
